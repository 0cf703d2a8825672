"""One pasted-answer file -> its text and its provenance."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stages.collect.folder import AnswerFile
from stages.collect.header import read_provenance, split_header
from stages.common.errors import UserError
from stages.common.files import read_text
from stages.common.pasted import Provenance

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class ReadAnswer:
    """What was pasted, without its header."""

    file: AnswerFile
    text: str
    provenance: Provenance


def read_answer(file: AnswerFile) -> ReadAnswer:
    """The answer and its provenance, from its header or from the file beside it.

    Raises:
        UserError: not UTF-8, a header with mistakes or in .json, or both a header and a file beside it.
    """
    whole = read_utf8(file.path)
    with _at(file.path):
        header, content = split_header(whole)
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


def _beside(sidecar: Path | None) -> Provenance:
    if sidecar is None:
        return Provenance()
    text = read_utf8(sidecar)
    with _at(sidecar):
        return read_provenance(text)


@contextmanager
def _at(path: Path) -> Iterator[None]:
    """Says in which file a mistake is."""
    try:
        yield
    except UserError as error:
        raise UserError(f"{path}: {error}") from None


def read_utf8(path: Path) -> str:
    """The text of a file with ends of lines as \\n; UserError names UTF-16 as what it is."""
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    if start.startswith(_UTF_16) or b"\0" in start:
        raise UserError(f"{path}: is UTF-16 or no text at all; save it as UTF-8")
    return read_text(path)
