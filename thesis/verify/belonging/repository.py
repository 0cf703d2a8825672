"""The commit: whether git has every file as it is here, and whether its tag is signed."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from thesis.programs import git_tried
from thesis.verify.findings import Finding, unchecked

STAGE = "git"
MAX_NAMED = 5


def check(root: Path) -> Iterator[Finding]:
    """The commit, changes since, and the signature of a tag; notes alone without git."""
    failed, name = git_tried("rev-parse", "HEAD", root=root) if (root / ".git").exists() else (1, "")
    if failed:
        reason = "no git repository, or no git: not needed, but no commit vouches for the code"
        yield unchecked(STAGE, "commit", reason, is_note=True)
        return
    failed, status = git_tried(
        "--no-optional-locks", "status", "--porcelain", "--untracked-files=no", root=root
    )
    if failed:
        yield unchecked(STAGE, "tracked files", "git status failed", expected=f"as in {name[:12]}")
        return
    changed = [line[3:] for line in status.splitlines()]
    more = f" and {len(changed) - MAX_NAMED} more" if len(changed) > MAX_NAMED else ""
    got = f"changed: {', '.join(changed[:MAX_NAMED])}{more}" if changed else f"as in {name[:12]}"
    yield Finding(STAGE, "tracked files", f"as in {name[:12]}", got, not changed)
    yield from _tags(root)


def _tags(root: Path) -> Iterator[Finding]:
    """Whether a tag of this commit carries a signature that this machine can verify."""
    failed, listed = git_tried("tag", "--points-at", "HEAD", root=root)
    tags = [] if failed else listed.split()
    if not tags:
        yield unchecked(STAGE, "signed tag", "no tag names this commit", is_note=True)
    for tag in tags:
        failed, said = git_tried("verify-tag", tag, root=root)
        if failed:
            reason = next(iter(said.splitlines()), "not signed")
            yield unchecked(STAGE, f"signature of the tag {tag}", reason, is_note=True)
        else:
            yield Finding(STAGE, f"signature of the tag {tag}", "verified", "verified", True)


def is_committed(root: Path, path: str) -> bool:
    """Whether the commit has a file as it is here, by its bytes: `git status` trusts size and time."""
    if not (root / ".git").exists():
        return False
    committed = git_tried("rev-parse", "--verify", "--quiet", f"HEAD:{path}", root=root)
    return not committed[0] and committed == git_tried("hash-object", "--", path, root=root)


def outdated(root: Path, paths: Sequence[str], record: Path, command: str) -> str:
    """What is told of files that are as in git, and not as a record of them says.

    Args:
        command: what the author writes the record with.
    """
    if not is_committed(root, record.as_posix()):
        return f"as in git; {record} is not the committed one: git checkout {record}"
    return (
        f"as in git; {record} is older than this commit: run {command} (the author), or ask for the "
        f"release's tag (an examiner); if nobody meant to change it: git log -- {' '.join(paths)}"
    )
