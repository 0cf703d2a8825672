"""The tiers of `thesis verify`, by number. Their modules are imported here, and import nothing heavy."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from thesis.verify.belonging.tier import tier as belonging
from thesis.verify.dice.tier import tier as dice
from thesis.verify.findings import Tier
from thesis.verify.remaking.tier import TIER as REMAKING
from thesis.verify.replay.tier import TIER as REPLAY
from thesis.verify.retraining.tier import TIER as RETRAINING


@dataclass(frozen=True)
class Options:
    """What a person chose, beside the tiers."""

    dice: int | None = None
    """The examiner's own number."""
    key: Path | None = None
    """The author's public key."""


MAKERS: Mapping[int, Callable[[Options], Tier]] = {
    1: lambda options: belonging(options.key),
    2: lambda options: REMAKING,
    3: lambda options: REPLAY,
    4: lambda options: dice(options.dice),
    5: lambda options: RETRAINING,
}
FIRST, DICE = 1, 4


def chosen(numbers: Collection[int], options: Options) -> list[Tier]:
    """The tiers to run, in order. The first, on which all others rest, always runs."""
    dice = {DICE} if options.dice is not None else set()
    return [MAKERS[number](options) for number in sorted({FIRST, *numbers, *dice})]


def others(numbers: Collection[int], options: Options) -> list[Tier]:
    """The tiers that are not run."""
    run = {tier.number for tier in chosen(numbers, options)}
    return [make(options) for number, make in sorted(MAKERS.items()) if number not in run]
