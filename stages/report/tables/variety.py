"""How varied the profiles of an arm are."""

from collections.abc import Iterator

from stages.common.tables.variety import DifferentNumbersRow
from stages.report.inputs import Inputs
from stages.report.joined import Varied, varieties
from stages.report.numbers import rounded, span
from stages.report.table import ARM_AND_PROMPT, EMPTY, Column, Entry, Table
from stages.report.tables.entries import counted, flagged, texts

MEASURES = {
    "distinct": "distinct",
    "distinct_facts": "distinct without texts",
    "mean_distance": "mean distance",
    "vendi_score": "Vendi score",
}
COUNTS = ("distinct", "distinct_facts")


def variety(inputs: Inputs) -> Iterator[Table]:
    """One row per cell, one column per measure."""
    columns = [
        *ARM_AND_PROMPT,
        Column("profiles"),
        *(Column(words, "variety") for words in MEASURES.values()),
    ]
    found = {(*one.row.key, one.row.measure): one for one in varieties(inputs.tables)}
    n = {one.row.key: counted(one.row, one.row.n) for one in found.values()}
    rows = [
        [*texts(*key), n[key], *(_cell(found.get((*key, measure))) for measure in MEASURES)]
        for key in inputs.cells
        if key in n
    ]
    yield Table(
        "variety",
        "How different the profiles of an arm are",
        columns,
        rows,
        "Brackets hold the null band: equally many people drawn from the dataset. An arm below it (▼) "
        "repeats itself.",
    )


def different_numbers(inputs: Inputs) -> Iterator[Table]:
    """One row per cell, one column per field of numbers."""
    found = {(*row.key, row.field): row for row in inputs.tables[DifferentNumbersRow]}
    fields = list(dict.fromkeys(row.field for row in found.values()))
    there = {row.key for row in found.values()}
    keys = [key for key in inputs.cells if key in there]
    columns = [
        *ARM_AND_PROMPT,
        *(Column(one, "different_numbers") for one in fields),
    ]
    rows = [[*texts(*key), *(_of_numbers(found.get((*key, field))) for field in fields)] for key in keys]
    yield Table(
        "different-numbers",
        "How many different numbers an arm writes in a field",
        columns,
        rows,
        "Different numbers, of all profiles that have one. Brackets hold the null band: the different "
        "numbers of equally many people drawn from the dataset. An arm below it (▼) writes the same few "
        "numbers again and again.",
    )


def _of_numbers(row: DifferentNumbersRow | None) -> Entry:
    if row is None:
        return EMPTY
    said = f"{row.n_different} of {row.n}"
    low, high = row.band.ends
    if low is None or high is None:
        return Entry(said)
    return Entry(said, f"{low:.0f}–{high:.0f}", flagged(row.n_different, low, high))


def _cell(found: Varied | None) -> Entry:
    if found is None:
        return EMPTY
    value, (low, high) = found.row.value, found.band.ends
    counted = found.row.measure in COUNTS
    said = f"{value:.0f}" if counted else rounded(value)
    if low is None or high is None:
        return Entry(said)
    band = f"{low:.0f}–{high:.0f}" if counted else span(low, high)
    return Entry(said, band, flagged(value, low, high))
