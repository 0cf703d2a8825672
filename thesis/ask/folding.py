"""Fold a text at the edge of its column: no character is left out, none is added."""

from dataclasses import dataclass

from rich.cells import chop_cells
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from stages.common.shown import visible

TAB = 4
"""Columns of a tab."""


@dataclass(frozen=True)
class Raw:
    """A text as a model wrote it, folded at the width it is given."""

    text: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text("\n".join(folded(visible(self.text).expandtabs(TAB), options.max_width)))


def folded(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns. A long line breaks after its last space that fits, else anywhere.

    >>> folded("a bc def" + chr(10) + "ghijklm", 5)
    ['a bc ', 'def', 'ghijk', 'lm']
    """
    return [part for line in text.split("\n") for part in _parts(line, width)]


def _parts(line: str, width: int) -> list[str]:
    parts = []
    while len(first := _first(line, width)) < len(line):
        parts.append(first)
        line = line[len(first) :]
    return [*parts, line]


def _first(line: str, width: int) -> str:
    """The beginning of a line that fits; the whole line, if it does."""
    fits = next(filter(None, chop_cells(line[:width], width)), "")
    words = fits[: fits.rfind(" ") + 1]
    return words if len(fits) < len(line) and words.strip() else fits
