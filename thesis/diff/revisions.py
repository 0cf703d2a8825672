"""Files of a git revision, read without a checkout."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from stages.common.files import write_text
from stages.common.shown import brief, listed
from stages.shell.errors import UserError

WORKING_TREE = "working tree"
EXPERIMENTS = "refs/exps/"
STASH = ("refs/exps/stash", "refs/exps/celery/", "refs/exps/apply/", "refs/exps/exec/")
"""What DVC keeps there besides finished experiments."""


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
    return Revision(name, commit, _said("show", "-s", "--format=%cs", commit))


def write_files(revision: Revision, paths: Sequence[str], folder: Path) -> None:
    """Write a commit's version of these files under a folder; a file that the commit lacks is left out."""
    found = _said("ls-tree", "-r", "-z", "--name-only", revision.commit, "--", *paths)
    for path in filter(None, found.split("\0")):
        write_text(folder / path, _said("show", f"{revision.commit}:./{path}", strip=False))


def _check_repository() -> None:
    done = _git("rev-parse", "--is-inside-work-tree")
    if done.returncode != 0:
        told = (done.stderr.strip().splitlines() or ["git failed"])[0]
        raise UserError(
            f"{Path.cwd()}: {told}\nRun `thesis diff` in a clone of the project, in its own folder"
        )


def _unknown(name: str) -> UserError:
    """Message about a revision that is not there, with those that are."""
    if not _commit_of("HEAD"):
        return UserError("This repository has no commit yet, so there is nothing to compare with: git commit")
    tags, experiments = _said("tag", "--list").split("\n"), [*_experiments()]
    branches = _said("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes").split("\n")
    near = get_close_matches(name, [*tags, *experiments, *branches], n=3)
    lines = [f"{brief(name, 80)}: no such commit, tag, branch or experiment"]
    lines += [f"  Did you mean {' or '.join(near)}?"] if near else []
    lines += [f"  Tags: {listed(filter(None, tags)) or 'none'}"]
    lines += [f"  Experiments: {listed(experiments)}"] if experiments else []
    if _said("rev-parse", "--is-shallow-repository") == "true":
        lines.append("  This clone has only part of the history: git fetch --unshallow --tags")
    return UserError("\n".join([*lines, "`git log --oneline` lists the commits"]))


def _experiments() -> dict[str, str]:
    """The newest commit of each experiment, by name."""
    found = _said("for-each-ref", "--sort=committerdate", "--format=%(refname) %(objectname)", EXPERIMENTS)
    lines = [line.split(" ") for line in found.splitlines() if not line.startswith(STASH)]
    return {ref.rsplit("/", 1)[-1]: commit for ref, commit in lines}


def _commit_of(name: str) -> str:
    return "" if name.startswith("-") else _said("rev-parse", "--verify", "--quiet", name)


def _said(*words: str, strip: bool = True) -> str:
    """The output of git; "" if it fails."""
    done = _git(*words)
    text = done.stdout if done.returncode == 0 else ""
    return text.strip() if strip else text


def _git(*words: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["git", *words], capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
        )
    except FileNotFoundError:
        raise UserError("git is not installed; `thesis diff` reads both revisions with it") from None
