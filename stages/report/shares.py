"""The share that the overview shows: how often every arm writes the level that differs most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stages.common.comparison import condition_of, reference_condition
from stages.common.levels import MISSING_LEVEL, NULL, OTHER
from stages.common.records import CONDITIONS
from stages.common.tables.fidelity import DatasetRow, DistributionRow
from stages.common.tables.format import ValidityRow
from stages.report.inputs import Inputs
from stages.report.tables.entries import of_readable

NO_LEVELS = (NULL, MISSING_LEVEL, OTHER)


@dataclass(frozen=True)
class Focus:
    """A protected field, one of its levels, and the level's share in each dataset."""

    field: str
    level: str
    shares: dict[str, float]
    """The level's share in [0, 1], by condition."""
    people: dict[str, str]
    """The people whose shares these are, in words, by condition."""
    differs: bool = True
    """False where the datasets have the same shares in every protected field."""


@dataclass(frozen=True)
class ArmShare:
    """How often an arm writes the level, and where chance would put a perfect copy of its dataset."""

    arm: str
    n: int
    """Profiles with a valid value; readable ones, where it was not computed."""
    n_with_level: int = 0
    share: float | None = None
    """Share of these profiles; None if it was not computed."""
    low: float | None = None
    """Lower end of the null band; None, like `high`, where draws are not independent."""
    high: float | None = None
    of: str = ""
    """How many readable profiles of how many draws, if n is not all draws."""

    @property
    def condition(self) -> str:
        return condition_of(self.arm)


def focus_of(inputs: Inputs) -> Focus | None:
    """The protected field that differs most between the datasets, and its most frequent original level.

    None if the schema protects no field. The shares are those of the training split where an arm was
    compared with it, else those of all people.
    """
    original, augmented = (inputs.data[condition]["protected"] for condition in CONDITIONS)
    distances = {row.field: row.tv for row in inputs.tables[DatasetRow]}
    usable = {field: kept for field in original if (kept := _levels(original[field]))}
    if not usable:
        return None
    field = max(usable, key=lambda name: distances.get(name, 0.0))
    level = max(usable[field], key=lambda name: usable[field][name])
    everyone = {"original": original[field].get(level, 0.0), "augmented": augmented[field].get(level, 0.0)}
    held_against = {
        reference_condition(condition_of(row.arm)): row.share_reference for row in _rows(inputs, field, level)
    }
    people = {
        name: f"the {name} {'training split' if name in held_against else 'dataset'}" for name in everyone
    }
    return Focus(field, level, everyone | held_against, people, distances.get(field, 0.0) > 0)


def arm_shares(inputs: Inputs, focus: Focus) -> list[ArmShare]:
    """One share per arm under the headline prompt, in the order in which the arms were asked."""
    rows = {row.arm: row for row in _rows(inputs, focus.field, focus.level)}
    n_readable = readable(inputs)
    prompt = inputs.headline_prompt.id
    return [_arm_share(arm, n_readable.get((arm, prompt), 0), rows.get(arm)) for arm in inputs.arms]


def readable(inputs: Inputs) -> dict[tuple[str, str], int]:
    """Draws with a readable profile, by arm and prompt."""
    return {row.key: row.n_readable for row in inputs.tables[ValidityRow]}


def _arm_share(arm: str, n: int, row: DistributionRow | None) -> ArmShare:
    if row is None:
        return ArmShare(arm, n)
    share = row.n_level, row.share_generated, row.band_low, row.band_high
    return ArmShare(arm, row.n, *share, of_readable(row, row.n))


def _levels(shares: Mapping[str, float]) -> dict[str, float]:
    return {level: share for level, share in shares.items() if level not in NO_LEVELS}


def _rows(inputs: Inputs, field: str, level: str) -> Sequence[DistributionRow]:
    wanted = (inputs.headline_prompt.id, field, level)
    return [row for row in inputs.tables[DistributionRow] if (row.prompt, row.variable, row.level) == wanted]
