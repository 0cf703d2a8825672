"""Say in one headline what the first picture shows, and in one line how to read it."""

from stages.common.look import symbol
from stages.common.phrases import many
from stages.report.inputs import Inputs
from stages.report.numbers import percent
from stages.report.shares import Level, Shares


def moved(shown: Shares, inputs: Inputs) -> str:
    """The finding: whether arms that were trained on different datasets differ."""
    levels = shown.levels
    if not levels:
        return "No share could be computed"
    if not _declared(shown):
        return _apart(levels[0], inputs)
    n, beyond = len(levels), [level for level in levels if level.beyond]
    of = f"{len(beyond)} of {many(n, 'declared share')}" if beyond else f"none of {many(n, 'declared share')}"
    if not shown.n_trainings:
        return f"After one training each, the adapters differ in {of} by more than their draws explain"
    trainings = many(shown.n_trainings, "training")
    if len(beyond) == n and all(level.in_every for level in levels):
        pairs = many(shown.n_trainings, "pair")
        return f"Augmenting the data moves what the model writes, in all {pairs} of trainings"
    moves = of if beyond else f"{of} beyond chance"
    return f"Augmenting the data moves {moves}, judged over {trainings}"


def how_to_read(shown: Shares, inputs: Inputs) -> str:
    """What a mark, a tick and a shade are."""
    arms = dict.fromkeys(share.arm for level in shown.levels for share in level.arms)
    key = ", ".join(f"{symbol(arm, inputs.base)} {inputs.name(arm)}" for arm in arms)
    if shown.n_trainings:
        return f"Share among {many(shown.draws, 'draw')}; a mark is one training: {key}. Tick: its dataset."
    if not shown.levels:
        return ""
    most = percent(inputs.confidence).replace("\u00a0", " ")  # a font may lack it
    band = f"{most} of equally small random samples of the dataset fall into the shade"
    marks = f": {key}" if _declared(shown) else ""
    return f"Share among the draws with a valid value{marks}. Tick: the arm’s dataset; {band}."


def _declared(shown: Shares) -> bool:
    """Whether the shares are those of declared contrasts, which have two arms each."""
    return bool(shown.n_trainings) or all(level.is_contrast for level in shown.levels)


def _apart(level: Level, inputs: Inputs) -> str:
    """Of one level and all arms: which lie outside the range that chance alone would give."""
    banded = [one.arm for one in level.arms if one.values and one.low is not None]
    outside = [one.arm for one in level.arms if one.is_outside]
    if not banded:
        return f"How often each arm writes {level.name}"
    too_often = f"{level.name} more or less often than chance allows a copy of its dataset"
    if len(outside) < 2:
        who = inputs.name(outside[0]) if outside else f"None of {many(len(banded), 'arm')}"
        others = f"; of {many(len(banded), 'arm')}, no other does" if outside and len(banded) > 1 else ""
        return f"{who} writes {too_often}{others}"
    return f"{len(outside)} of {many(len(banded), 'arm')} write {too_often}"
