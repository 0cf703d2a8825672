"""Does an arm follow the format? The funnel from draws to profiles that fit the schema."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stages.common.evaluated import STATUSES
from stages.evaluate.cells import Cell, Study
from stages.evaluate.intervals.rates import Rate, Tally
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
    n_conversations: int
    """A draw by itself counts as one."""
    n_valid: int
    rate: Rate


@dataclass(frozen=True)
class FunnelRow(Row):
    """funnel.csv; n = all draws. The statuses add up to n; valid and complete are among those parsed."""

    step: str
    """A status; `complete`: has every required field, whatever stands in it; `valid`: fits the schema."""
    n: int
    n_conversations: int
    n_step: int
    rate: Rate


def validity(cell: Cell, study: Study) -> Iterator[Row]:
    counts = Counter(draw.status for draw in cell.draws)
    for status in STATUSES:
        yield StatusRow(*cell.key, status, counts[status])
    confidence, n_units = study.params.confidence, len({*cell.units})
    valid = Tally([draw.valid for draw in cell.draws], cell.units)
    yield ValidityRow(*cell.key, valid.n, n_units, valid.k, valid.rate(confidence))
    whole = [draw.profile is not None and complete(draw.profile, study.schema.node) for draw in cell.draws]
    steps: dict[str, Sequence[bool]] = {
        status: [draw.status == status for draw in cell.draws] for status in STATUSES
    }
    for step, has in {**steps, "complete": whole, "valid": valid.has}.items():
        found = Tally(has, cell.units)
        yield FunnelRow(*cell.key, step, found.n, n_units, found.k, found.rate(confidence))


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
