"""Which fields and levels the figures of shares show, and the datasets' own shares."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stages.common.comparison import condition_of, reference_condition
from stages.common.records import CONDITIONS
from stages.common.tables.fidelity import DistributionRow, TotalVariationRow
from stages.report.inputs import Inputs

MOST_LEVELS = 12
"""Levels of a field; more would not be legible on a page."""
MOST_FIELDS = 12
"""Fields of a prompt: the protected ones, and those furthest from the dataset."""


@dataclass(frozen=True)
class Field:
    """A field under a prompt."""

    name: str
    rows: Sequence[DistributionRow]
    shown: Sequence[str]
    """The levels that are drawn; one of two, as the other has the rest."""
    n_left_out: int
    """Levels that are too rare to be drawn."""


def fields_of(prompt: str, inputs: Inputs) -> list[Field]:
    """The fields that were compared under a prompt, in the order of the rows."""
    rows: dict[str, list[DistributionRow]] = {}
    for row in inputs.tables[DistributionRow]:
        if row.prompt == prompt and row.arm in inputs.arms:
            rows.setdefault(row.variable, []).append(row)
    kept = _furthest(rows, prompt, inputs)
    return [_field(name, of_field) for name, of_field in rows.items() if name in kept]


def shares_of_people(field: Field, level: str, inputs: Inputs) -> dict[str, float]:
    """The level's share in each dataset, by condition; of protected fields, both are always known."""
    found: dict[str, float] = {}
    for condition in CONDITIONS:
        known = inputs.data[condition]["protected"].get(field.name, {})
        if known:
            found[condition] = known.get(level, 0.0)
    for row in field.rows:
        if row.level == level:
            found[reference_condition(condition_of(row.arm))] = row.share_reference
    return found


def _furthest(names: Iterable[str], prompt: str, inputs: Inputs) -> set[str]:
    distances = dict.fromkeys(names, 0.0)
    for row in inputs.tables[TotalVariationRow]:
        if row.prompt == prompt and row.field in distances:
            distances[row.field] = max(distances[row.field], row.tv)
    order = sorted(distances, key=lambda name: (name not in inputs.protected, -distances[name]))
    return {*order[:MOST_FIELDS]}


def _field(name: str, rows: Sequence[DistributionRow]) -> Field:
    highest: dict[str, float] = {}
    for row in rows:
        highest[row.level] = max(highest.get(row.level, 0.0), row.share_reference, row.share_generated)
    kept = {*sorted(highest, key=lambda level: -highest[level])[:MOST_LEVELS]}
    shown = [level for level in highest if level in kept]
    return Field(name, rows, shown[:1] if len(highest) == 2 else shown, len(highest) - len(kept))
