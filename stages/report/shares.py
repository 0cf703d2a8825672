"""The shares of the first picture: one per level and arm, with a mark for each training.

With a calibration, they are those of its trainings. Without one, they are those of the draws of the
study, with the range that chance alone would give. Without declared shares, they are those of the
level in which the datasets differ most.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from stages.common.calibration import CalibratedContrast, Calibration
from stages.common.comparison import apart_by_data, condition_of, reference_condition
from stages.common.levels import MISSING_LEVEL, NULL, OTHER
from stages.common.records import CONDITIONS
from stages.common.tables.contrasts import ContrastRow
from stages.common.tables.fidelity import DatasetRow, DistributionRow
from stages.common.tables.format import ValidityRow
from stages.report.inputs import Inputs

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
    """How often one arm writes the level."""

    arm: str
    values: tuple[float, ...] = ()
    """Shares in [0, 1], one per training; empty if none could be computed."""
    data: float | None = None
    """The share among the people of the arm's dataset."""
    low: float | None = None
    """Lower end of the null band; None, like `high`, for trainings and for draws that hang together."""
    high: float | None = None
    of: str = ""
    """The draws behind the share, such as: 7 of 10."""

    @property
    def is_outside(self) -> bool:
        """Whether the draws lie outside their null band."""
        if self.low is None or self.high is None:
            return False
        return any(not self.low <= round(one, 9) <= self.high for one in self.values)


@dataclass(frozen=True)
class Level:
    """A level of a field under a prompt, and the shares of some arms."""

    field: str
    level: str
    prompt: str
    arms: tuple[ArmShare, ...]
    is_contrast: bool = False
    """Whether the arms are those of a declared contrast."""
    beyond: bool = False
    """Whether the arms differ: the contrast stands over trainings, or p <= alpha in the draws."""
    in_every: bool = False
    """Whether the difference has the same sign in every pair of trainings."""

    @property
    def name(self) -> str:
        return f"{self.field} = {self.level}"


@dataclass(frozen=True)
class Shares:
    """All levels of the first picture."""

    levels: tuple[Level, ...]
    n_trainings: int
    """Trainings of each dataset; 0 where the draws of the study are shown."""
    draws: int = 0
    """Draws of each training."""


def shares(inputs: Inputs) -> Shares:
    """What the first picture shows."""
    if isinstance(inputs.calibration, Calibration):
        levels = tuple(_trained(inputs.calibration.contrasts, inputs))
        if levels:
            return Shares(levels, inputs.calibration.n_seeds, inputs.calibration.draws)
    return Shares(tuple(_drawn(inputs)) or tuple(_focused(inputs)), 0)


def focused(inputs: Inputs) -> Shares:
    """The level in which the datasets differ most, in the draws of all arms."""
    return Shares(tuple(_focused(inputs)), 0)


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
    rows = [row for row in inputs.tables[DistributionRow] if (row.variable, row.level) == (field, level)]
    rows = [row for row in rows if row.prompt == inputs.headline_prompt.id]
    held_against = {reference_condition(condition_of(row.arm)): row.share_reference for row in rows}
    people = {
        name: f"the {name} {'training split' if name in held_against else 'dataset'}" for name in everyone
    }
    return Focus(field, level, everyone | held_against, people, distances.get(field, 0.0) > 0)


def readable(inputs: Inputs) -> dict[tuple[str, str], int]:
    """Draws with a readable profile, by arm and prompt."""
    return {row.key: row.n_readable for row in inputs.tables[ValidityRow]}


def _trained(contrasts: Sequence[CalibratedContrast], inputs: Inputs) -> Iterator[Level]:
    """The calibrated shares, in the order of the declaration."""
    for one in contrasts:
        values = {arm: inputs.trainings.values(one.contrast, arm) for arm in (one.arm_a, one.arm_b)}
        if one.statistic == "share" and all(values.values()):
            arms = [
                ArmShare(arm, some, _data(arm, one.prompt, one.field, one.level, inputs))
                for arm, some in values.items()
            ]
            yield Level(
                one.field, one.level, one.prompt, tuple(arms), True, one.verdict == "stands",
                _one_sign(inputs.trainings.differences(one.contrast)),
            )  # fmt: skip


def _one_sign(differences: Sequence[float]) -> bool:
    return all(one > 0 for one in differences) or all(one < 0 for one in differences)


def _drawn(inputs: Inputs) -> Iterator[Level]:
    """The declared shares of trained arms of two datasets, in the draws of the study."""
    for row in inputs.tables[ContrastRow]:
        if row.kind == "declared" and row.statistic == "share" and apart_by_data(row.arm_a, row.arm_b):
            level = _level(row.field, row.level, row.prompt, (row.arm_a, row.arm_b), inputs)
            yield replace(level, is_contrast=True, beyond=row.p_adjusted <= inputs.alpha)


def _focused(inputs: Inputs) -> Iterator[Level]:
    """The level in which the datasets differ most, in the draws of all arms that were asked."""
    focus, prompt = focus_of(inputs), inputs.headline_prompt.id
    asked = [row.arm for row in inputs.by_arm(inputs.tables[ValidityRow]) if row.prompt == prompt]
    if focus is not None and asked:
        yield _level(focus.field, focus.level, prompt, asked, inputs)


def _level(field: str, level: str, prompt: str, arms: Sequence[str], inputs: Inputs) -> Level:
    return Level(field, level, prompt, tuple(_share(arm, prompt, field, level, inputs) for arm in arms))


def _share(arm: str, prompt: str, field: str, level: str, inputs: Inputs) -> ArmShare:
    row = _row(arm, prompt, field, level, inputs)
    if row is None:
        return ArmShare(arm, data=_data(arm, prompt, field, level, inputs))
    ends = row.band_low, row.band_high
    return ArmShare(arm, (row.share_generated,), row.share_reference, *ends, f"{row.n_level} of {row.n}")


def _data(arm: str, prompt: str, field: str, level: str, inputs: Inputs) -> float | None:
    """The level's share among the people that the arm is compared with; None if it is not known."""
    row = _row(arm, prompt, field, level, inputs)
    if row is not None:
        return row.share_reference
    known: Mapping[str, Mapping[str, float]] = inputs.data[reference_condition(condition_of(arm))][
        "protected"
    ]
    return known.get(field, {}).get(level)


def _row(arm: str, prompt: str, field: str, level: str, inputs: Inputs) -> DistributionRow | None:
    wanted = (arm, prompt, field, level)
    rows = inputs.tables[DistributionRow]
    return next((row for row in rows if (row.arm, row.prompt, row.variable, row.level) == wanted), None)


def _levels(shares: Mapping[str, float]) -> dict[str, float]:
    return {level: share for level, share in shares.items() if level not in NO_LEVELS}
