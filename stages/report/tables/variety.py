"""How varied the profiles of an arm are."""

from collections.abc import Iterator

from stages.common.tables.variety import DifferentNumbersRow
from stages.report.inputs import Inputs
from stages.report.joined import Varied, varieties
from stages.report.table import ARM_AND_PROMPT, EMPTY, Column, Entry, Table
from stages.report.tables.entries import Ends, banded, counted, flagged, in_band, of_cell

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
        [*of_cell(key, inputs), n[key], *(_cell(found.get((*key, measure))) for measure in MEASURES)]
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
    rows = [
        [*of_cell(key, inputs), *(_of_numbers(found.get((*key, field))) for field in fields)] for key in keys
    ]
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
    values = {"": row.n_different, "of": row.n} | in_band(row.band.ends)
    return Entry(said, _whole(row.band.ends), flagged(row.n_different, *row.band.ends), values=values)


def _cell(found: Varied | None) -> Entry:
    if found is None:
        return EMPTY
    value, ends = found.row.value, found.band.ends
    if found.row.measure not in COUNTS:
        return banded(value, ends, above_only=False)
    return Entry(f"{value:.0f}", _whole(ends), flagged(value, *ends), values={"": value} | in_band(ends))


def _whole(ends: Ends) -> str:
    low, high = ends
    return "" if low is None or high is None else f"{low:.0f}–{high:.0f}"
