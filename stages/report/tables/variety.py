"""How varied the profiles of an arm are."""

from collections.abc import Iterator

from stages.report.inputs import Inputs
from stages.report.numbers import rounded, span
from stages.report.rows.variety import VarietyRow
from stages.report.table import EMPTY, Cell, Column, Table
from stages.report.tables.cells import counted, flagged, texts

MEASURES = {
    "distinct": "distinct",
    "distinct_facts": "distinct without texts",
    "mean_distance": "mean distance",
    "vendi_score": "Vendi score",
}
COUNTS = ("distinct", "distinct_facts")


def variety(inputs: Inputs) -> Iterator[Table]:
    """One row a cell, one column a measure."""
    columns = [
        Column("arm"),
        Column("prompt", words=True),
        Column("profiles"),
        *(Column(words, "variety") for words in MEASURES.values()),
    ]
    found = {(*row.key, row.measure): row for row in inputs.tables.variety}
    n = {row.key: counted(row, row.n) for row in inputs.tables.variety}
    keys = [(arm, prompt) for arm in inputs.arms for prompt in inputs.prompts_in_order if (arm, prompt) in n]
    rows = [
        [*texts(*key), n[key], *(_cell(found.get((*key, measure))) for measure in MEASURES)] for key in keys
    ]
    yield Table(
        "variety",
        "How different the profiles of an arm are",
        columns,
        rows,
        "In brackets the null band: as many people drawn from the dataset. Below it (▼), an arm repeats "
        "itself.",
    )


def _cell(row: VarietyRow | None) -> Cell:
    if row is None:
        return EMPTY
    counted = row.measure in COUNTS
    value = f"{row.value:.0f}" if counted else rounded(row.value)
    if row.band_low is None or row.band_high is None:
        return Cell(value)
    band = f"{row.band_low:.0f}–{row.band_high:.0f}" if counted else span(row.band_low, row.band_high)
    return Cell(value, band, flagged(row.value, row.band_low, row.band_high))
