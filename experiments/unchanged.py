"""Record stages whose code changed only in comments, docstrings, annotations, formatting or messages.

DVC compares bytes, so a corrected comment makes a training stale. This command compares each changed dep with
the version that dvc.lock recorded, as syntax trees. If they are equal, it runs `dvc commit` for the stage,
and nothing has to run again.

python -m experiments.unchanged
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from stages.common.params import read_yaml
from stages.shell.errors import run
from stages.shell.syntax import differing
from stages.shell.used import counted
from thesis.programs import dvc, git, git_text

LOCK = Path("dvc.lock")
NOTHING = ", so there is nothing to compare with"


@dataclass(frozen=True)
class Verdict:
    """The reasons why a stage cannot be recorded; none if only its comments changed."""

    stage: str
    changed: list[str]
    reasons: list[str]

    def __str__(self) -> str:
        if not self.reasons:
            return f"{self.stage}: recorded; the code is the same in {', '.join(self.changed)}"
        return "\n".join(
            [f"{self.stage}: left as it is; it must run again", *(f"  {r}" for r in self.reasons)]
        )


def main() -> None:
    verdicts = [verdict(stage, changes) for stage, changes in stale().items()]
    if not verdicts:
        print("Every stage is current")
    for one in verdicts:
        if not one.reasons:
            dvc("commit", "--quiet", "--force", one.stage)
        print(one)


def stale() -> dict[str, Any]:
    """The output of `dvc status`, by stage."""
    found: dict[str, Any] = json.loads(dvc("status", "--json"))
    return found


def verdict(stage: str, changes: list[Any]) -> Verdict:
    """Compare every changed dep of a stage with its recorded version."""
    recorded = {dep["path"]: dep["md5"] for dep in read_yaml(LOCK)["stages"].get(stage, {}).get("deps", [])}
    changed, reasons = [], []
    for change in changes:
        if not isinstance(change, dict):
            reasons.append(str(change))
            continue
        for kind, paths in change.items():
            for path, how in paths.items():
                is_code = path in recorded and path.startswith("stages/")
                if is_code and (kind, how) == ("changed deps", "modified"):
                    changed.append(path)
                    reasons += differences(path, recorded[path])
                else:
                    reasons.append(f"{path}: {how if isinstance(how, str) else ', '.join(how)} ({kind})")
    return Verdict(stage, sorted(changed), sorted(reasons))


def differences(path: str, md5: str) -> list[str]:
    """Where a dep's code differs from the version with this hash; [] if it does not."""
    before = recorded_version(path, md5)
    if before is None:
        is_shallow = git_text("rev-parse", "--is-shallow-repository").strip() == "true"
        rest = " of this shallow clone; first: git fetch --unshallow" if is_shallow else NOTHING
        return [f"{path}: the version that {LOCK} recorded is in no commit{rest}"]
    after = {file.as_posix(): file.read_bytes() for file in counted(Path(path))}
    found = [f"{file}: new" for file in sorted(after.keys() - before)]
    found += [f"{file}: gone" for file in sorted(before.keys() - after)]
    for file in sorted(before.keys() & after):
        if before[file] != after[file]:
            found += _compared(file, before[file], after[file])
    return found


def _compared(file: str, before: bytes, after: bytes) -> list[str]:
    if not file.endswith(".py"):
        return [f"{file}: not Python"]
    try:
        for version in (before, after):
            version.decode()
        names = differing(before, after)  # bytes: a text has no line that names its encoding
    except UnicodeDecodeError as error:
        return [f"{file}: byte {error.start} is not UTF-8"]
    except SyntaxError as error:
        return [f"{file}{f':{error.lineno}' if error.lineno else ''}: not Python: {error.msg}"]
    except ValueError as error:  # of null bytes, until Python 3.11.4
        return [f"{file}: not Python: {error}"]
    return [f"{file}: {', '.join(name or 'imports or other statements' for name in names)}"] if names else []


def recorded_version(path: str, md5: str) -> dict[str, bytes] | None:
    """Contents by file of a dep as some commit had it, found by DVC's hash; None if no commit had it."""
    # a merge that took the other side's version hides this side's history, unless all of it is asked for
    for commit in git_text("log", "--full-history", "--format=%H", "--", path).split():
        blobs = dict(_blobs(commit, path))
        if (_md5_of_folder(path, blobs) if md5.endswith(".dir") else _md5(blobs.get(path, ""))) == md5:
            return {file: _content(blob) for file, blob in blobs.items()}
    return None


def _blobs(commit: str, path: str) -> Iterator[tuple[str, str]]:
    """(file, git's name of its content) of a path in a commit."""
    for line in git_text("ls-tree", "-r", "-z", commit, "--", path).split("\0"):
        if line:
            facts, _, file = line.partition("\t")
            yield file, facts.split(" ")[2]


def _md5_of_folder(path: str, blobs: Mapping[str, str]) -> str:
    """DVC's hash of a folder: md5 of the JSON list of its files' hashes, sorted by path."""
    listing = [{"md5": _md5(blob), "relpath": file[len(path) + 1 :]} for file, blob in sorted(blobs.items())]
    return hashlib.md5(json.dumps(listing, sort_keys=True).encode()).hexdigest() + ".dir"


@cache
def _md5(blob: str) -> str:
    return hashlib.md5(_content(blob)).hexdigest() if blob else ""


@cache
def _content(blob: str) -> bytes:
    return git("cat-file", "blob", blob)


if __name__ == "__main__":
    run(main)
