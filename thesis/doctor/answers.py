"""Answers of chat pages: where they lie, and that no export lies in the project."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from stages.collect.answers import EXTERNAL
from stages.collect.layout import Expected
from stages.collect.rows import look_through
from thesis.doctor.findings import Finding, ok, problem, warning

if TYPE_CHECKING:
    from thesis.doctor.study import Study

EXPORTS = (
    "conversations*.json",
    "myactivity.*",
    "chat.html",
    "takeout*.zip",
    "*chatgpt*.zip",
    "*claude*.zip",
)
"""Names of official exports, in small letters."""
UNSEARCHED = {".git", ".dvc", ".venv", ".work", "node_modules", "__pycache__"}


@dataclass(frozen=True)
class Exports:
    """Exports of chat products inside the project."""

    files: list[str]
    committed: list[str]


def check(study: "Study") -> list[Finding]:
    findings = judge(look())
    if not EXTERNAL.exists():
        return findings
    expected = Expected(study.collect.sources, [prompt.id for prompt in study.asked])
    answers, mistakes = look_through(EXTERNAL, expected)
    return [*findings, *judge_answers(len(answers), mistakes)]


def look(root: Path = Path()) -> Exports:
    files = sorted(path.relative_to(root).as_posix() for path in _exports(root))
    return Exports(files, [file for file in files if _committed(root, file)])


def judge(found: Exports) -> list[Finding]:
    if found.committed:
        listed = ", ".join(found.committed)
        return [
            problem(f"a private chat export is in git: {listed}", "Move it away, then: git rm --cached FILE")
        ]
    if found.files:
        return [
            warning(
                f"a chat export lies in the project: {', '.join(found.files)}",
                "Move it out; thesis import reads it from anywhere else",
            )
        ]
    return [ok("no chat export lies in the project")]


def judge_answers(n_answers: int, mistakes: Sequence[str]) -> list[Finding]:
    """Of the pasted answers in data/external, as `collect` finds them."""
    if mistakes:
        more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
        return [problem(f"{mistakes[0]}{more}", "Fix what python -m stages.collect lists")]
    return [ok(f"{n_answers} pasted answers lie where they should and can be read")]


def _exports(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in UNSEARCHED]
        yield from (
            Path(folder, name) for name in files if any(fnmatch(name.lower(), like) for like in EXPORTS)
        )


def _committed(root: Path, file: str) -> bool:
    command = ["git", "ls-files", "--error-unmatch", "--", file]
    return subprocess.run(command, cwd=root, capture_output=True, check=False).returncode == 0
