"""Rows -> tables, with a q beside every exploratory p."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import pandas as pd

from stages.common.tables.base import Row, columns
from stages.evaluate.chance.multiple import within_groups
from stages.evaluate.rows import rows_of


def as_table(kind: type[Row], rows: Iterable[Row]) -> pd.DataFrame:
    """The rows of one class; the columns stand even if there are no rows.

    An exploratory `p` gets a `q` beside it: Benjamini-Hochberg's over the rows of the table that have one, of
    each arm and prompt by themselves, so that no arm lowers another's bar.
    """
    table = pd.DataFrame([_flat(row) for row in rows_of(kind, rows)], columns=columns(kind))
    names = [*table]
    if "p" in names and not {"q", "p_adjusted"} & {*names}:
        table.insert(names.index("p") + 1, "q", float("nan"))
        tested = table[table["p"].notna()]
        cells = [*zip(tested["arm"], tested["prompt"], strict=True)]
        table.loc[tested.index, "q"] = within_groups(list(tested["p"]), cells)
    return table


def _flat(row: Row) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in asdict(row).items():
        flat.update(value if isinstance(value, dict) else {name: value})
    return flat
