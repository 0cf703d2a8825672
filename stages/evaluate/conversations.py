"""What is not said of profiles that hang together: numbers that take every draw to be independent."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from stages.evaluate.bias.association import AmplificationRow, AssociationRow
from stages.evaluate.bias.representation import RepresentationRow
from stages.evaluate.cells import Cell, Study
from stages.evaluate.chance.nulls import NO_BAND
from stages.evaluate.chance.rate_bands import RateBandRow
from stages.evaluate.fidelity.distributions import DistributionRow
from stages.evaluate.fidelity.joint import JointExcessRow, JointRow
from stages.evaluate.fidelity.marginal import JensenShannonRow, TotalVariationRow
from stages.evaluate.fidelity.numbers import KolmogorovRow, NullRateRow
from stages.evaluate.fidelity.tails import CoverageRow, EntropyRow
from stages.evaluate.intervals.rates import least_effective
from stages.evaluate.rows import NotComputed, Row
from stages.evaluate.variety.different_numbers import DifferentNumbersRow
from stages.evaluate.variety.measures import VarietyBandRow
from stages.evaluate.variety.memorisation import MemorisationRow

_CHANCE: dict[str, Any] = {"band": NO_BAND, "p": None}
_INTERVAL: dict[str, Any] = {"low": None, "high": None}
BLANK: dict[type[Row], dict[str, Any]] = {
    TotalVariationRow: _CHANCE | _INTERVAL,
    JensenShannonRow: _CHANCE | _INTERVAL,
    DistributionRow: {"band_low": None, "band_high": None},
    JointRow: _CHANCE | _INTERVAL,
    JointExcessRow: _CHANCE | _INTERVAL,
    KolmogorovRow: _CHANCE | _INTERVAL,
    MemorisationRow: _INTERVAL,
    NullRateRow: _CHANCE,
    RepresentationRow: _CHANCE,
    DifferentNumbersRow: {"band": NO_BAND},
}
"""The number stays; where chance would put it is left out."""
LEFT_OUT = (RateBandRow, CoverageRow, EntropyRow, AssociationRow, AmplificationRow, VarietyBandRow)
"""The number itself is corrected for what independent draws are expected to give, or is a band."""
_REASONS = ("coverage", "entropy", "association", "amplification", "null band of variety", "interval of ")
"""How statistics begin whose absence is told once a cell."""


@dataclass(frozen=True)
class ConversationRow(Row):
    """conversations.csv: how many draws there are, and how many that do not hang together."""

    n_draws: int
    n_conversations: int
    """A draw by itself counts as one."""
    n_largest: int
    """Draws of the largest one."""
    n_effective: float
    """Independent draws that they are worth at least: as if those of a conversation were copies."""


def conversations(cell: Cell, study: Study) -> Iterator[Row]:
    """And once a cell, what is left out where profiles hang together."""
    sizes = Counter(cell.units)
    n = len(cell.units)
    yield ConversationRow(*cell.key, n, len(sizes), max(sizes.values()), least_effective(cell.units))
    if cell.clustered:
        profiles, n_units = len(cell.profiles), len({*cell.parsed_units})
        reason = f"{profiles} profiles of {n_units} conversation{'s' * (n_units != 1)} hang together"
        yield NotComputed(*cell.key, "null bands, p, intervals of distances", "", reason)
        yield NotComputed(*cell.key, "coverage, entropy, association", "", reason)


def without_independence(rows: Iterable[Row], cells: Sequence[Cell]) -> Iterator[Row]:
    """The rows, but for what takes draws of one conversation to be independent."""
    clustered = {cell.key for cell in cells if cell.clustered}
    for row in rows:
        if (row.arm, row.prompt) not in clustered:
            yield row
        elif not isinstance(row, LEFT_OUT) and not _told_once(row):
            yield replace(row, **BLANK.get(type(row), {}))


def _told_once(row: Row) -> bool:
    if not isinstance(row, NotComputed) or row.statistic.startswith("coverage, "):
        return False
    return row.statistic.startswith(_REASONS) and row.statistic != "interval of variety"
