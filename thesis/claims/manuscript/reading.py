"""The running text of a manuscript: LaTeX, Markdown or Word."""

from dataclasses import dataclass, field
from pathlib import Path

from stages.common.files import read_text
from stages.shell.errors import UserError
from thesis.claims.manuscript.markdown import markdown_text
from thesis.claims.manuscript.tex import macro_names, tex_text
from thesis.claims.manuscript.word import word_text


@dataclass(frozen=True)
class Manuscript:
    """Running text, on the lines of the file; of a Word file, one line for each paragraph."""

    text: str
    unit: str = "line"
    macros: list[str] = field(default_factory=list)
    r"""Names of claims that \claim and \claimsentence print."""


def read_manuscript(path: Path) -> Manuscript:
    """The running text of a manuscript.

    Raises:
        UserError: the file is of another kind, or cannot be read.
    """
    match path.suffix.lower():
        case ".docx":
            return Manuscript(word_text(path), "paragraph")
        case ".tex":
            text = read_text(path)
            return Manuscript(tex_text(text), macros=macro_names(text))
        case ".md" | ".markdown":
            return Manuscript(markdown_text(read_text(path)))
    raise UserError(f"{path}: a manuscript is a .tex, .md or .docx file; save it as one of these")
