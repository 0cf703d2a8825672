"""Write a table as LaTeX, whatever models wrote into it."""

import re
import unicodedata

import pandas as pd

from stages.report.lettering import CLOSE, OPEN, Numbers, numbered, spelled
from stages.report.links import plain
from stages.report.table import Table

_COMMANDS = {
    "▲": r"$\blacktriangle$",
    "▼": r"$\blacktriangledown$",
    "△": r"$\vartriangle$",
    "▽": r"$\triangledown$",
    "●": r"$\bullet$",
    "○": r"$\circ$",
    "■": r"$\blacksquare$",
    "□": r"$\square$",
    "◆": r"$\blacklozenge$",
    "◇": r"$\lozenge$",
    "▶": r"$\blacktriangleright$",
    "▷": r"$\vartriangleright$",
    "✚": "$+$",
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
    OPEN: r"$\langle$",
    CLOSE: r"$\rangle$",
}
_SPECIAL = {c: rf"\{c}" for c in "%&#_{}$"} | {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
_LATIN = {chr(code) for code in range(0xA1, 0x17F) if code != 0xAD} - {*"ĦħĸĿŀŉŦŧ"}
"""Letters that the font encoding T1 of LaTeX has."""
_KNOWN = {*map(chr, range(0x20, 0x7F)), "\n", *_LATIN, *"–—‘’“”„‚•±ȘșȚț"}


def to_latex(table: Table) -> str:
    r"""For `\input`, with `\usepackage[T1]{fontenc}` and the packages booktabs and amssymb.

    The thesis adds caption and label. Characters that pdflatex has no glyph for stand as a number; a
    line below the table spells them, and a comment holds them. LuaLaTeX and XeLaTeX read the file too. A
    table's note is a comment above it.
    """
    numbers: Numbers = {}

    def cell(text: str) -> str:
        return numbered(_on_one_line(text), lambda c: c in _KNOWN or c in _COMMANDS, numbers)

    frame = pd.DataFrame(
        [[cell(one.shown) for one in row] for row in table.rows],
        columns=[cell(column.title) for column in table.columns],
        dtype=object,
    )
    kinds = "".join("l" if i == 0 or column.words else "r" for i, column in enumerate(table.columns))
    styler = (
        frame.style.hide(axis="index").format(escape="latex").format_index(escape="latex", axis="columns")
    )
    lines = styler.to_latex(hrules=True, column_format=kinds).splitlines(keepends=True)
    body = "".join(map(_readable, "".join(map(_apart, lines))))
    return f"{_comment(table.note)}{body}{_legend(numbers)}"


def latex_text(text: str) -> str:
    r"""A sentence as LaTeX.

    >>> latex_text("50 % of {a}_b → c")
    '50 \\% of \\{a\\}\\_b $\\rightarrow$ c'
    """
    return "".join(_SPECIAL.get(c) or _readable(c) for c in _on_one_line(text))


def _comment(note: str) -> str:
    """The note of the table as a comment above it: LaTeX does not set it."""
    words = _on_one_line(plain(note)).replace("\u00a0", " ")
    return f"% {words}\n" if words else ""


def _legend(numbers: Numbers) -> str:
    """The legend below a table: what its numbers stand for, spelled for print and verbatim in a comment."""
    if not numbers:
        return ""
    entries = [f"{OPEN}{n}{CLOSE} {spelled(run)}" for run, n in numbers.items()]
    comments = "".join(f"% {n}: {run}\n" for run, n in numbers.items() if run.isprintable())
    return f"\\par\\smallskip{{\\footnotesize {''.join(map(_readable, '; '.join(entries)))}}}\n{comments}"


def _apart(line: str) -> str:
    r"""The row, kept apart from the \\ before it, which would take a leading [ or * as its option."""
    return f"{{}}{line}" if line.startswith(("[", "*")) else line


def _on_one_line(text: str) -> str:
    """The text on one line, as an empty line would end a cell; accents are joined with their letters."""
    return re.sub(r"[^\S\u00a0]+", " ", unicodedata.normalize("NFC", text))


def _readable(character: str) -> str:
    if character in _COMMANDS:
        return _COMMANDS[character]
    return character if character in _KNOWN else rf"\texttt{{U+{ord(character):04X}}}"
