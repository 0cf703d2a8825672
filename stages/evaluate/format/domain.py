"""Count new values: those that the schema does not allow, or that the training data never show."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from stages.common.comparison import reference_condition
from stages.common.fields import MISSING, Field, get
from stages.common.levels import label
from stages.common.records import Profile
from stages.common.tables.base import NotComputed, Rate, Row
from stages.common.tables.format import DomainRow
from stages.evaluate.cells import Cell, Study
from stages.evaluate.intervals.rates import Tally, rate
from stages.evaluate.values.distance import number_of


@dataclass(frozen=True)
class Domain:
    """The values of a field: labels with their counts, numbers in their order."""

    labels: Counter[str]
    numbers: list[float]

    def lacks(self, value: Any) -> bool:
        """Whether a number lies outside of all numbers, or any other value never occurs."""
        number = number_of(value) if self.numbers else None
        if number is None:
            return not self.labels[label(value)]
        return not self.numbers[0] <= number <= self.numbers[-1]

    def n_alone(self) -> int:
        """How many values would be lacking if each in turn were not there (the leave-one-out count)."""
        n_labels = sum(count == 1 for count in self.labels.values())
        if len(self.numbers) < 2:
            return n_labels + len(self.numbers)
        ends = self.numbers[0] < self.numbers[1], self.numbers[-2] < self.numbers[-1]
        return n_labels + sum(ends)


def domain(cell: Cell, study: Study) -> Iterator[Row]:
    """New values of each field: against the schema and, texts aside, against the training data.

    Omission is counted by `presence`.
    """
    if not cell.profiles:
        yield NotComputed(**cell.where, table="domain", reason="no profile parsed")
        return
    training = study.training[reference_condition(cell.condition)]
    for field in study.schema.fields:
        yield from _rows(cell, field, training, study.params.confidence)


def domain_of(field: Field, profiles: Sequence[Profile]) -> Domain:
    """The domain of the profiles that have the field; numbers count as such where the role is number."""
    values = values_of(field, profiles)
    numbers = [number_of(value) if field.role == "number" else None for value in values]
    others = (label(value) for value, number in zip(values, numbers, strict=True) if number is None)
    return Domain(Counter(others), sorted(number for number in numbers if number is not None))


def values_of(field: Field, profiles: Sequence[Profile]) -> list[Any]:
    return [value for profile in profiles if (value := get(profile, field.path)) is not MISSING]


def _rows(cell: Cell, field: Field, training: Sequence[Profile], confidence: float) -> Iterator[Row]:
    values, own = values_of(field, cell.profiles), values_of(field, training)
    units = [
        unit
        for unit, profile in zip(cell.parsed_units, cell.profiles, strict=True)
        if get(profile, field.path) is not MISSING
    ]
    if not values:
        reason = "no profile has the field"
        yield NotComputed(**cell.where, table="domain", field=field.path, reason=reason)
        return

    def row(outside: str, of: str, n: int, n_outside: int, share: Rate) -> DomainRow:
        return DomainRow(
            **cell.where,
            field=field.path,
            role=field.role,
            outside=outside,
            of=of,
            n=n,
            n_outside=n_outside,
            rate=share,
        )

    new = Tally([not field.fits(value) for value in values], units)
    yield row("schema", "generated", new.n, new.k, new.rate(confidence))
    if field.role != "text" and own:
        known = domain_of(field, training)
        new, n_alone = Tally([known.lacks(value) for value in values], units), known.n_alone()
        yield row("training", "generated", new.n, new.k, new.rate(confidence))
        yield row("training", "dataset", len(own), n_alone, rate(n_alone, len(own), confidence))
