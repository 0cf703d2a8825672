"""What was left of the raw files."""

from collections.abc import Iterator

from stages.common.records import CONDITIONS
from stages.report.inputs import Inputs, Json
from stages.report.numbers import rounded
from stages.report.table import EMPTY, Column, Entry, Table
from stages.report.tables.entries import whole

COUNTS = {"records": "n_in", "refused": "n_refused", "duplicates": "n_duplicates", "sampled": "n_sampled"}
DISTANCES = {"largest total variation": "total_variation", "largest Kolmogorov–Smirnov": "kolmogorov_smirnov"}


def reduction(inputs: Inputs) -> Iterator[Table]:
    """One row per dataset: counts, and how far the sample is from the raw file."""
    key = "data reduction"
    columns = [
        Column("dataset"),
        *(Column(title) for title in COUNTS),
        *(Column(title, key) for title in DISTANCES),
        Column("levels lost", key),
    ]
    rows = [_row(condition, inputs.data[condition]) for condition in CONDITIONS]
    yield Table("reduction", "Raw files against what was used", columns, rows)


def _row(condition: str, data: Json) -> list[Entry]:
    lost = data.get("lost_by_sampling", {})
    largest = [_largest(lost.get(name, {})) for name in DISTANCES.values()]
    return [
        Entry(condition),
        *(whole(data.get(name)) for name in COUNTS.values()),
        *largest,
        whole(lost.get("n_levels_lost")),
    ]


def _largest(by_field: dict[str, float]) -> Entry:
    """The largest distance and its field; no field is named if all are 0."""
    if not by_field:
        return EMPTY
    field = max(by_field, key=lambda name: by_field[name])
    words = field if by_field[field] else ""
    return Entry(rounded(by_field[field]), words, values={"": by_field[field], "field": words})
