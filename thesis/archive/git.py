"""What git has of the commit that is archived."""

import io
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from stages.common.params import yaml_reader
from stages.shell.errors import UserError
from thesis.programs import git, git_text

NO_COMMIT = "an archive is made from a commit\nRun it in the project's clone, after: git commit"


@dataclass(frozen=True)
class Commit:
    """A commit, and the tags that name it."""

    id: str
    moment: datetime
    """When it was made, in UTC."""
    tags: Sequence[str]

    @property
    def name(self) -> str:
        """The tag, or else the first characters of the id.

        >>> Commit("0123456789abcdef", datetime(2026, 11, 29, tzinfo=UTC), []).name
        '0123456789ab'
        """
        return self.tags[0] if self.tags else self.id[:12]


@dataclass(frozen=True)
class Kept:
    """A file of the archive."""

    content: bytes
    is_executable: bool = False


def lines(*words: str) -> list[str]:
    """What git prints, by line."""
    return git_text(*words).splitlines()


def head() -> Commit:
    """The commit that is checked out.

    Raises:
        UserError: there is none.
    """
    try:
        [id_, seconds] = lines("log", "-1", "--format=%H %ct")[0].split()
    except UserError as error:
        raise UserError(f"{error}\n{NO_COMMIT}") from None
    moment = datetime.fromtimestamp(int(seconds), UTC)
    return Commit(id_, moment, sorted(lines("tag", "--points-at", "HEAD"), reverse=True))


def tree(commit: str) -> dict[str, Kept]:
    """The files of a commit as git keeps them, by path; without links."""
    tar = git("-c", "core.autocrlf=false", "-c", "core.eol=lf", "archive", "--format=tar", commit)
    with tarfile.open(fileobj=io.BytesIO(tar)) as files:
        return {
            member.name: Kept(content.read(), bool(member.mode & 0o100))
            for member in files
            if member.isfile() and (content := files.extractfile(member))
        }


def yaml_in(files: Mapping[str, Kept], name: str) -> Any:
    """The content of a YAML file of a commit; UserError if the commit lacks it."""
    if name not in files:
        raise UserError(f"{name}: not in the commit\nRun the pipeline and commit everything: make repro")
    return yaml_reader().load(files[name].content.decode("utf-8"))


def paths_ever(commit: str) -> list[str]:
    """Every path of a file that the commit or one before it had."""
    listed = lines("log", "--format=", "--name-only", "--no-renames", "--root", "-m", commit)
    return sorted({path for path in listed if path})


def is_shallow() -> bool:
    """Whether the clone lacks old commits."""
    return lines("rev-parse", "--is-shallow-repository") == ["true"]
