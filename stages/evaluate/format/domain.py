"""Count new values: those that the schema does not allow, or that the training data never show."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from stages.common.comparison import reference_condition
from stages.common.fields import MISSING, Field, get
from stages.common.levels import label
from stages.common.records import Profile
from stages.common.tables.base import Row
from stages.common.tables.format import DomainRow
from stages.evaluate.cells import Cell, Study
from stages.evaluate.intervals.rates import Tally
from stages.evaluate.values.numbers import number_of


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
        yield cell.left_out("domain", "no profile parsed")
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
    pairs = [
        (value, unit) for profile, unit in cell.pairs if (value := get(profile, field.path)) is not MISSING
    ]
    if not pairs:
        yield cell.left_out("domain", "no profile has the field", field.path)
        return
    values, units = zip(*pairs, strict=True)
    found = [("schema", "generated", Tally([not field.fits(value) for value in values], units))]
    if field.role != "text" and (n := len(values_of(field, training))):
        known = domain_of(field, training)
        alone = [i < known.n_alone() for i in range(n)]
        found.append(("training", "generated", Tally([known.lacks(value) for value in values], units)))
        found.append(("training", "dataset", Tally(alone, range(n))))
    for outside, of, new in found:
        yield DomainRow(
            **cell.where,
            field=field.path,
            role=field.role,
            outside=outside,
            of=of,
            n=new.n,
            n_outside=new.k,
            rate=new.rate(confidence),
        )
