"""Pasted answers in data/external, and private exports that do not belong in the project."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from stages.collect.answers import EXTERNAL
from stages.collect.layout import Expected
from stages.collect.rows import look_through
from stages.common.phrases import many
from thesis.doctor.findings import Finding, ok, problem, warning
from thesis.doctor.project import Project

EXPORTS = (
    "conversations*.json",
    "myactivity.*",
    "chat.html",
    "takeout*.zip",
    "*chatgpt*.zip",
    "*claude*.zip",
)
"""Names of official exports, in lower case."""
UNSEARCHED = {".git", ".dvc", ".venv", ".work", "node_modules", "__pycache__"}


def check(project: Project) -> list[Finding]:
    findings = [check_exports(Path())]
    if not EXTERNAL.exists():
        return findings
    expected = Expected(project.collect.sources, [prompt.id for prompt in project.asked])
    answers, mistakes = look_through(EXTERNAL, expected)
    return [*findings, *judge_pasted(len(answers), mistakes)]


def check_exports(root: Path) -> Finding:
    """Whether a private chat export lies below a folder, or is even in git."""
    files = sorted(path.relative_to(root).as_posix() for path in _exports(root))
    if committed := [file for file in files if _committed(root, file)]:
        return problem(
            f"a private chat export is in git: {', '.join(committed)}",
            "Move it away, then: git rm --cached FILE",
        )
    if files:
        return warning(
            f"a chat export lies in the project: {', '.join(files)}",
            "Move it out; thesis import reads it from anywhere else",
        )
    return ok("no chat export lies in the project")


def judge_pasted(n_answers: int, mistakes: Sequence[str]) -> list[Finding]:
    """Pasted answers in data/external, as `collect` finds them."""
    if mistakes:
        more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
        return [problem(f"{mistakes[0]}{more}", "Fix what python -m stages.collect lists")]
    return [ok(f"all {many(n_answers, 'pasted answer')} can be read and are in the right place")]


def _exports(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in UNSEARCHED]
        yield from (
            Path(folder, name) for name in files if any(fnmatch(name.lower(), like) for like in EXPORTS)
        )


def _committed(root: Path, file: str) -> bool:
    command = ["git", "ls-files", "--error-unmatch", "--", file]
    return subprocess.run(command, cwd=root, capture_output=True, check=False).returncode == 0
