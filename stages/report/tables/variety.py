"""How varied the profiles of an arm are."""

from collections.abc import Iterator

from stages.report.inputs import Inputs
from stages.report.numbers import rounded, span
from stages.report.rows.variety import DifferentNumbersRow, VarietyRow
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


def different_numbers(inputs: Inputs) -> Iterator[Table]:
    """One row a cell, one column a field of numbers."""
    found = {(*row.key, row.field): row for row in inputs.tables.different_numbers}
    fields = list(dict.fromkeys(row.field for row in found.values()))
    there = {row.key for row in found.values()}
    keys = [(arm, one) for arm in inputs.arms for one in inputs.prompts_in_order if (arm, one) in there]
    columns = [
        Column("arm"),
        Column("prompt", words=True),
        *(Column(one, "different_numbers") for one in fields),
    ]
    rows = [[*texts(*key), *(_of_numbers(found.get((*key, field))) for field in fields)] for key in keys]
    yield Table(
        "different-numbers",
        "How many different numbers an arm writes in a field",
        columns,
        rows,
        "Of how many profiles that have one; in brackets the null band of the different ones: as many people "
        "drawn from the dataset. Below it (▼), an arm writes the same few numbers again and again.",
    )


def _of_numbers(row: DifferentNumbersRow | None) -> Cell:
    if row is None:
        return EMPTY
    said = f"{row.n_different} of {row.n}"
    if row.band_low is None or row.band_high is None:
        return Cell(said)
    band = f"{row.band_low:.0f}–{row.band_high:.0f}"
    return Cell(said, band, flagged(row.n_different, row.band_low, row.band_high))


def _cell(row: VarietyRow | None) -> Cell:
    if row is None:
        return EMPTY
    counted = row.measure in COUNTS
    value = f"{row.value:.0f}" if counted else rounded(row.value)
    if row.band_low is None or row.band_high is None:
        return Cell(value)
    band = f"{row.band_low:.0f}–{row.band_high:.0f}" if counted else span(row.band_low, row.band_high)
    return Cell(value, band, flagged(row.value, row.band_low, row.band_high))
