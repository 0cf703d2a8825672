"""Does an arm follow the format? The funnel from draws to profiles that fit the schema."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stages.common.tables.base import Row
from stages.common.tables.format import FunnelRow, ValidityRow
from stages.common.verdicts import VERDICTS, verdict_of
from stages.evaluate.cells import Cell, Study
from stages.evaluate.intervals.rates import Tally


def validity(cell: Cell, study: Study) -> Iterator[Row]:
    confidence, n_units = study.params.confidence, len({*cell.units})
    valid = Tally([draw.valid for draw in cell.draws], cell.units)
    yield ValidityRow(
        **cell.where,
        n=valid.n,
        n_conversations=n_units,
        n_readable=len(cell.profiles),
        n_valid=valid.k,
        rate=valid.rate(confidence),
    )
    whole = [draw.profile is not None and complete(draw.profile, study.schema.node) for draw in cell.draws]
    verdicts = [verdict_of(draw) for draw in cell.draws]
    steps: dict[str, Sequence[bool]] = {one: [verdict == one for verdict in verdicts] for one in VERDICTS}
    for step, has in {**steps, "complete": whole, "valid": valid.has}.items():
        found = Tally(has, cell.units)
        yield FunnelRow(
            **cell.where,
            step=step,
            n=found.n,
            n_conversations=n_units,
            n_step=found.k,
            rate=found.rate(confidence),
        )


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
