"""The commit: whether git has every file as it is here, and whether its tag is signed."""

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from thesis.verify.findings import Finding, unchecked

STAGE = "git"
MAX_NAMED = 5


def check(root: Path) -> Iterator[Finding]:
    """The commit, changes since, and the signature of a tag; notes alone without git."""
    commit = _git("rev-parse", "HEAD") if (root / ".git").exists() else None
    if commit is None or commit.returncode:
        reason = "no git repository, or no git: not needed, but no commit vouches for the code"
        yield unchecked(STAGE, "commit", reason, is_note=True)
        return
    name = commit.stdout.strip()
    status = _git("--no-optional-locks", "status", "--porcelain", "--untracked-files=no")
    if status is None or status.returncode:
        yield unchecked(STAGE, "tracked files", "git status failed", expected=f"as in {name[:12]}")
        return
    changed = [line[3:] for line in status.stdout.splitlines()]
    more = f" and {len(changed) - MAX_NAMED} more" if len(changed) > MAX_NAMED else ""
    got = f"changed: {', '.join(changed[:MAX_NAMED])}{more}" if changed else f"as in {name[:12]}"
    yield Finding(STAGE, "tracked files", f"as in {name[:12]}", got, not changed)
    yield from _tags()


def _tags() -> Iterator[Finding]:
    """Whether a tag of this commit carries a signature that this machine can verify."""
    listed = _git("tag", "--points-at", "HEAD")
    tags = listed.stdout.split() if listed else []
    if not tags:
        yield unchecked(STAGE, "signed tag", "no tag names this commit", is_note=True)
    for tag in tags:
        verified = _git("verify-tag", tag)
        said = (verified.stderr.strip().splitlines() or ["not signed"])[0] if verified else "no git"
        if verified and verified.returncode == 0:
            yield Finding(STAGE, f"signature of the tag {tag}", "verified", "verified", True)
        else:
            yield unchecked(STAGE, f"signature of the tag {tag}", said, is_note=True)


def is_committed(root: Path, path: str) -> bool:
    """Whether the commit has a file as it is here, by its bytes: `git status` trusts size and time."""
    if not (root / ".git").exists():
        return False
    committed = _git("-C", str(root), "rev-parse", "--verify", "--quiet", f"HEAD:{path}")
    here = _git("-C", str(root), "hash-object", "--", path)
    return bool(committed and here and committed.stdout.strip() and committed.stdout == here.stdout)


def outdated(root: Path, paths: Sequence[str], record: Path, command: str) -> str:
    """What is told of files that are as in git, and not as a record of them says.

    Args:
        command: what the author writes the record with.
    """
    if not is_committed(root, record.as_posix()):
        return f"as in git; {record} is not the committed one: git checkout {record}"
    return (
        f"as in git; {record} is older than this commit: run {command} (the author), or ask for the release's "
        f"tag (an examiner); if nobody meant to change it: git log -- {' '.join(paths)}"
    )


def _git(*words: str) -> subprocess.CompletedProcess[str] | None:
    """Run git here; None if there is none."""
    try:
        return subprocess.run(["git", *words], capture_output=True, text=True, check=False, errors="replace")
    except OSError:
        return None
