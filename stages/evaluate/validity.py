"""Does an arm follow the format? The funnel from draws to profiles that fit the schema."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stages.common.evaluated import STATUSES
from stages.evaluate.cells import Cell, Study
from stages.evaluate.intervals import Rate, rate
from stages.evaluate.rows import Row


@dataclass(frozen=True)
class StatusRow(Row):
    """status.csv: draws by status; the statuses of a cell add up to its draws."""

    status: str
    n: int


@dataclass(frozen=True)
class ValidityRow(Row):
    """validity.csv: schema-valid profiles among all draws, unparsed ones included."""

    n: int
    n_valid: int
    rate: Rate


@dataclass(frozen=True)
class FunnelRow(Row):
    """funnel.csv; n = all draws. The statuses add up to n; valid and complete are among those parsed."""

    step: str
    """A status; `complete`: has every required field, whatever stands in it; `valid`: fits the schema."""
    n: int
    n_step: int
    rate: Rate


def validity(cell: Cell, study: Study) -> Iterator[Row]:
    counts = Counter(draw.status for draw in cell.draws)
    for status in STATUSES:
        yield StatusRow(*cell.key, status, counts[status])
    n, n_valid = len(cell.draws), sum(draw.valid for draw in cell.draws)
    yield ValidityRow(*cell.key, n, n_valid, rate(n_valid, n, study.params.confidence))
    n_complete = sum(complete(profile, study.schema.node) for profile in cell.profiles)
    steps = {status: counts[status] for status in STATUSES} | {"complete": n_complete, "valid": n_valid}
    for step, n_step in steps.items():
        yield FunnelRow(*cell.key, step, n, n_step, rate(n_step, n, study.params.confidence))


def complete(profile: Any, node: Mapping[str, Any]) -> bool:
    """Whether a profile has every required field of the schema, those of objects within included.

    >>> complete({"age": "?"}, {"required": ["age"]}), complete({}, {"required": ["age"]})
    (True, False)
    """
    required, inner = node.get("required", []), node.get("properties", {})
    if not isinstance(profile, dict):
        return not required
    return set(required) <= set(profile) and all(
        complete(profile[key], child) for key, child in inner.items() if key in profile
    )
