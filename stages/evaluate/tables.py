"""Rows -> tables, with a q beside every exploratory p."""

from collections.abc import Iterable
from dataclasses import asdict

import pandas as pd

from stages.common.tables.base import Row, columns
from stages.evaluate.chance.multiple import within_groups
from stages.evaluate.rows import rows_of


def as_table(kind: type[Row], rows: Iterable[Row]) -> pd.DataFrame:
    """The rows of one class; the columns stand even if there are no rows.

    An exploratory `p` gets a `q` beside it: Benjamini-Hochberg's over the rows of the table that have one, of
    each arm and prompt by themselves, so that no arm lowers another's bar.
    """
    flat = []
    for row in map(asdict, rows_of(kind, rows)):
        inner = [value for value in row.values() if isinstance(value, dict)]
        flat.append({key: value for one in (row, *inner) for key, value in one.items()})
    table = pd.DataFrame(flat, columns=columns(kind))
    names = [*table]
    if "p" in names and not {"q", "p_adjusted"} & {*names}:
        table.insert(names.index("p") + 1, "q", float("nan"))
        tested = table[table["p"].notna()]
        cells = [*zip(tested["arm"], tested["prompt"], strict=True)]
        table.loc[tested.index, "q"] = within_groups(list(tested["p"]), cells)
    return table
