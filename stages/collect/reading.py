"""Text and provenance of a pasted-answer file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stages.collect.folder import AnswerFile
from stages.collect.header import read_provenance, split_header
from stages.collect.kinds import wrong_bytes, wrong_markup
from stages.common.files import read_text
from stages.common.pasted import Provenance
from stages.common.shown import on_one_line
from stages.shell.errors import UserError
from stages.shell.special import CONFLICT, check_regular


@dataclass(frozen=True)
class ReadAnswer:
    """A pasted answer without its header."""

    file: AnswerFile
    text: str
    provenance: Provenance


def read_answer(file: AnswerFile) -> ReadAnswer:
    """The answer and its provenance, from its header or from the file beside it.

    Raises:
        UserError: no plain text, an unfinished merge, a header with mistakes or in .json, or a header and
            a file beside it.
    """
    whole = read_utf8(file.path)
    with _at(file.path):
        _refuse_unmerged(whole)
        header, content = split_header(whole)
        if wrong := wrong_markup(content):
            raise UserError(wrong)
    if header is None:
        return ReadAnswer(file, content, _beside(file.sidecar))
    if file.path.suffix.lower() == ".json":
        raise UserError(
            f"{file.path}: has a header, which .json cannot have; rename it to {file.path.stem}.md"
        )
    if file.sidecar is not None:
        beside = f"{file.sidecar.name} lies beside it"
        raise UserError(f"{file.path}: has a header, and {beside}; keep one of the two")
    with _at(file.path):
        return ReadAnswer(file, content, read_provenance(header))


def _refuse_unmerged(text: str) -> None:
    """UserError if git left two versions of an answer in one file: both would be counted."""
    if {mark[0][0] for mark in CONFLICT.finditer(text)} >= {*"<=>"}:
        raise UserError(
            "a merge was not finished; keep one side's lines and delete the marks (<<<<<<<, =======, >>>>>>>)"
        )


def _beside(sidecar: Path | None) -> Provenance:
    if sidecar is None:
        return Provenance()
    text = read_utf8(sidecar)
    with _at(sidecar):
        return read_provenance(text)


@contextmanager
def _at(path: Path) -> Iterator[None]:
    """Name the file in the message of a mistake."""
    try:
        yield
    except UserError as error:
        raise UserError(f"{on_one_line(str(path))}: {error}") from None


def read_utf8(path: Path) -> str:
    """The text of a file with ends of lines as \\n; UserError names what it is if it is no text."""
    check_regular(path)
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    if wrong := wrong_bytes(start):
        raise UserError(f"{path}: {wrong}")
    return read_text(path)
