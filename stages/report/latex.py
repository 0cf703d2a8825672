"""A table as LaTeX, whatever models wrote into it."""

import re
import unicodedata

import pandas as pd

from stages.report.table import Table

_COMMANDS = {
    "▲": r"$\blacktriangle$",
    "▼": r"$\blacktriangledown$",
    "\u00a0": "~",
    "≥": r"$\geq$",
    "≤": r"$\leq$",
    "×": r"$\times$",
    "÷": r"$\div$",
    "−": "$-$",
    "→": r"$\rightarrow$",
    "…": r"\ldots{}",
    "η": r"$\eta$",
    "κ": r"$\kappa$",
    "½": r"\textonehalf{}",
}
_LINK = re.compile(r"\[([^\[\]]+)\]\([\w *-]+\)")
"""Of a note, to a definition on the page."""
_LATIN = {chr(code) for code in range(0xA1, 0x17F) if code != 0xAD} - {*"ĦħĸĿŀŉŦŧ"}
"""What LaTeX's font encoding T1 has."""
_KNOWN = {*map(chr, range(0x20, 0x7F)), "\n", *_LATIN, *"–—‘’“”„‚•±ȘșȚț"}


def to_latex(table: Table) -> str:
    r"""For `\input`, with `\usepackage[T1]{fontenc}` and the packages booktabs and amssymb.

    Caption and label are the text's matter. A character that pdflatex has no glyph for stands as its
    number, such as U+4E2D; LuaLaTeX and XeLaTeX read the file too. A table's note is a comment above it.
    """
    frame = pd.DataFrame(
        [[_on_one_line(cell.shown) for cell in row] for row in table.rows],
        columns=[_on_one_line(column.title) for column in table.columns],
        dtype=object,
    )
    kinds = "".join("l" if i == 0 or column.words else "r" for i, column in enumerate(table.columns))
    styler = (
        frame.style.hide(axis="index").format(escape="latex").format_index(escape="latex", axis="columns")
    )
    lines = styler.to_latex(hrules=True, column_format=kinds).splitlines(keepends=True)
    return _comment(table.note) + "".join(map(_readable, "".join(map(_apart, lines))))


def _comment(note: str) -> str:
    """What to know to read the table, above it: it is no part of what LaTeX sets."""
    words = _on_one_line(re.sub(_LINK, r"\1", note)).replace("\u00a0", " ")
    return f"% {words}\n" if words else ""


def _apart(line: str) -> str:
    r"""A row that begins with [ or * would be an option of the \\ before it."""
    return f"{{}}{line}" if line.startswith(("[", "*")) else line


def _on_one_line(text: str) -> str:
    """Marks joined with their letters; an empty line would end a cell."""
    return re.sub(r"[^\S\u00a0]+", " ", unicodedata.normalize("NFC", text))


def _readable(character: str) -> str:
    if character in _COMMANDS:
        return _COMMANDS[character]
    return character if character in _KNOWN else rf"\texttt{{U+{ord(character):04X}}}"
