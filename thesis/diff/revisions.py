"""Files of a git revision, read without a checkout."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from stages.common.files import write_text
from stages.common.shown import brief, listed
from stages.shell.errors import UserError
from thesis.programs import git, git_if_any, git_text

WORKING_TREE = "working tree"
NAMED = ("refs/tags", "refs/heads", "refs/remotes")
SHORT = 12
"""Characters of a commit's id that are shown."""
EXPERIMENTS = "refs/exps/*/*/*"
"""Finished experiments. What else DVC keeps below refs/exps/ lies less deep."""


@dataclass(frozen=True)
class Revision:
    """A commit as a person named it; the working tree has no commit."""

    name: str
    commit: str = ""
    day: str = ""
    """Date of the commit."""

    def __str__(self) -> str:
        if not self.commit:
            return self.name
        short = "" if self.commit.startswith(self.name) else f"{self.commit[:7]}, "
        return f"{self.name} ({short}{self.day})"

    @property
    def place(self) -> str:
        """How messages name it before a file: `HEAD:metrics/evaluate.json`."""
        return f"{self.name}:" if self.commit else ""


def resolve(name: str) -> Revision:
    """The revision of this name.

    Raises:
        UserError: no repository, no commit yet, or no such revision.
    """
    _check_repository()
    commit = _commit_of(f"{name}^{{commit}}") or _experiments().get(name, "")
    if not commit:
        raise _unknown(name)
    short = name[:SHORT] if commit.startswith(name) else name
    return Revision(short, commit, git_if_any("show", "-s", "--format=%cs", commit))


def write_files(revision: Revision, paths: Sequence[str], folder: Path) -> None:
    """Write a commit's version of these files under a folder; a file that the commit lacks is left out."""
    found = git_if_any("ls-tree", "-r", "-z", "--name-only", revision.commit, "--", *paths)
    for path in filter(None, found.split("\0")):
        write_text(folder / path, git_text("show", f"{revision.commit}:./{path}"))


def _check_repository() -> None:
    try:
        git("rev-parse", "--is-inside-work-tree")
    except UserError as error:
        raise UserError(f"{error}\nRun `thesis diff` in a clone of the project, in its own folder") from None


def _unknown(name: str) -> UserError:
    """Message about a revision that is not there, with those that are."""
    if not _commit_of("HEAD"):
        return UserError("This repository has no commit yet, so there is nothing to compare with: git commit")
    experiments = [*_experiments()]
    names = git_if_any("for-each-ref", "--format=%(refname:short)", *NAMED).split("\n")
    near = get_close_matches(name, [*names, *experiments], n=3)
    lines = [f"{brief(name, 80)!r}: no such commit, tag, branch or experiment"]
    lines += [f"  Did you mean {' or '.join(near)}?"] if near else []
    lines += [f"  Tags: {listed(git_if_any('tag', '--list').split()) or 'none'}"]
    lines += [f"  Experiments: {listed(experiments)}"] if experiments else []
    if git_if_any("rev-parse", "--is-shallow-repository") == "true":
        lines.append("  This clone has only part of the history: git fetch --unshallow --tags")
    return UserError("\n".join([*lines, "`git log --oneline` lists the commits"]))


def _experiments() -> dict[str, str]:
    """The newest commit of each experiment, by name."""
    found = git_if_any(
        "for-each-ref", "--sort=committerdate", "--format=%(refname) %(objectname)", EXPERIMENTS
    )
    lines = [line.split(" ") for line in found.splitlines()]
    return {ref.rsplit("/", 1)[-1]: commit for ref, commit in lines}


def _commit_of(name: str) -> str:
    return "" if name.startswith("-") else git_if_any("rev-parse", "--verify", "--quiet", name)
