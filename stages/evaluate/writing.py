"""The files and the closing lines of the stage."""

from collections.abc import Sequence
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.table import Column, Table
from rich.text import Text

from stages.common.cells import write_table
from stages.common.comparison import condition_of
from stages.common.fresh import fresh_folder
from stages.common.look import VERDICT_SYMBOLS, arm_name, shape_of
from stages.common.shown import on_one_line
from stages.common.tables.base import Row
from stages.common.tables.fidelity import DistributionRow
from stages.common.tables.format import FunnelRow, ValidityRow
from stages.common.tables.registry import TABLES
from stages.common.tables.variety import DiversityRow
from stages.common.verdicts import VERDICTS
from stages.evaluate.rows import rows_of
from stages.evaluate.tables import as_table


def write_tables(folder: Path, rows: Sequence[Row]) -> None:
    """Replace the whole folder, so that no table of an earlier run stays."""
    with fresh_folder(folder) as fresh:
        for name, kind in TABLES.items():
            write_table(fresh / f"{name}.csv", as_table(kind, rows))


def write_shares(path: Path, rows: Sequence[Row], base: str) -> None:
    """Write the shares of levels for `dvc plots`, which cannot ask how an arm is called and drawn.

    Args:
        base: the word after `base:` of params.yaml.
    """
    table = as_table(DistributionRow, rows)
    arms = [str(arm) for arm in table["arm"]]
    table["name"] = [arm_name(arm, base) for arm in arms]
    table["dataset"] = [condition_of(arm) for arm in arms]
    table["shape"] = [shape_of(arm, base).vega for arm in arms]
    write_table(path, table)


def summary(rows: Sequence[Row], base: str) -> Table:
    """The table for the terminal: verdicts on the draws of every arm under every prompt.

    Args:
        base: the word after `base:` of params.yaml.
    """
    counts = {(row.arm, row.prompt, row.step): row.n_step for row in rows_of(FunnelRow, rows)}
    distinct = {(row.arm, row.prompt): str(row.n_distinct) for row in rows_of(DiversityRow, rows)}
    verdicts = [one for one in VERDICTS if any(n for (*_, step), n in counts.items() if step == one)]
    key = "   ".join(f"{VERDICT_SYMBOLS[one]} {one}" for one in verdicts)
    table = Table(
        "arm",
        Column("prompt", overflow="fold"),
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        caption=key,
        caption_justify="left",
    )
    for name in ("draws", *(VERDICT_SYMBOLS[one] for one in verdicts), "distinct"):
        table.add_column(name, justify="right")
    for row in rows_of(ValidityRow, rows):
        cell = row.arm, row.prompt
        table.add_row(
            Text(on_one_line(arm_name(row.arm, base))),
            Text(on_one_line(row.prompt)),
            str(row.n),
            *(str(counts[*cell, one]) for one in verdicts),
            distinct.get(cell, "-"),
        )
    return table
