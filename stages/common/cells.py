"""Tables as CSV in which a spreadsheet computes no text."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from stages.common.files import write_text

if TYPE_CHECKING:
    import pandas as pd  # slow to load, and readers of a table need only `unguarded`

_NUMBER = r"(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?:\s*%)?"
_RANGE = r"(?:±|×|;|\(|\[|,\s|to\s)(?:[\d\s.,:;%±×(\[–−+-]|[)\]](?!\s*[\d(])|to |[eE](?=[+-]?\d))*"
_SIGNED = rf"[+-](?!\s*(?:{_NUMBER}\s*(?:{_RANGE})?)?\Z)"
_FORMULA = re.compile(rf"'*(?:[\t\r]|[\s\u200b\ufeff]*(?:[=@＝＠＋－﹦﹫﹢﹣]|{_SIGNED}))")
"""Beginning of a formula in a spreadsheet. A number with its sign is none, alone or with its range; a
telephone number is one, since it goes on behind its brackets or has several dots."""


def to_csv(table: "pd.DataFrame", float_format: str | None = None) -> str:
    """A CSV in which no text is a formula."""
    safe = table.copy(deep=False)
    for name in table.columns:
        if any(guarded(cell) is not cell for cell in table[name]):
            safe[name] = [guarded(cell) for cell in table[name]]
    texts = (cell for name in table.columns for cell in table[name] if isinstance(cell, str))
    quoting: Literal[0, 1] = 1 if any("\r" in text for text in texts) else 0  # bare, it ends a row
    return safe.to_csv(index=False, float_format=float_format, lineterminator="\n", quoting=quoting)


def write_table(path: Path, table: "pd.DataFrame") -> None:
    """A CSV file with up to 6 significant digits."""
    write_text(path, to_csv(table, float_format="%.6g"))


def guarded(cell: Any) -> Any:
    """A cell with an apostrophe before it if a spreadsheet would compute it; any other cell unchanged.

    >>> guarded("=1+1"), guarded("-0.59"), guarded(-0.59), guarded("'@a"), guarded("+49-30-123")
    ("'=1+1", '-0.59', -0.59, "''@a", "'+49-30-123")
    """
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The text that `guarded` was given.

    >>> unguarded("'=1+1"), unguarded("'quoted'"), unguarded("''@a")
    ('=1+1', "'quoted'", "'@a")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell
