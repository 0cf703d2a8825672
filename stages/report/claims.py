"""Say what the augmentation changes: nothing without a calibration made with these very settings.

One training per dataset confounds the data with the training's random start. `metrics/calibration/state.json`
holds what several trainings and many more draws showed.
"""

from collections.abc import Iterator

from stages.common.calibration import CalibratedContrast, Calibration
from stages.common.phrases import many
from stages.common.tables.contrasts import ContrastRow
from stages.report.comparing import what, what_is_compared
from stages.report.inputs import Inputs
from stages.report.numbers import count, listed, p_value, percent, rounded, signed

WITHOUT = (
    "No claim is made. There is one training for each dataset, so a difference between the two adapters "
    "may come from the data or from the random start of the training. Telling them apart needs several "
    "trainings of each and many more draws (a calibration): {reason}."
)
VERDICTS = {
    "stands": "It stands: trainings with other random starts show it too.",
    "undecided": "It is undecided: it would stand by itself, but not among so many contrasts.",
    "does not stand": "It does not stand over trainings with other random starts",
}


def augmentation(inputs: Inputs) -> Iterator[str | list[str]]:
    """Say what each calibrated contrast shows, or why nothing can be claimed."""
    calibration = inputs.calibration
    if not isinstance(calibration, Calibration):
        yield WITHOUT.format(reason=calibration)
        return
    about = calibration.contrasts
    yield (
        f"{many(calibration.n_seeds, 'training')} of each dataset wrote {many(calibration.draws, 'draw')} "
        "each; both trainings of a pair share their random start, and the test is over these "
        f"{many(calibration.n_seeds, 'pair')} ([calibration](calibration)). Differences are augmented minus "
        "original where the arms are named so."
    )
    if any(inputs.declarations.when(one) != "before" for one in inputs.asked_contrasts):
        yield (
            "The first pair is the pipeline's own. Contrasts that were not declared before its first draws "
            "were chosen with it in view; the other pairs are new."
        )
    yield from _power(calibration)
    pairs = {(one.arm_a, one.arm_b) for one in about}
    if len(pairs) == 1:
        [(arm_a, arm_b)] = pairs
        yield f"{arm_b} against {arm_a}:"
    drawn = 2 * calibration.n_seeds * calibration.draws
    yield [sentence(one, arms=len(pairs) > 1, drawn=drawn) for one in about]
    unheld = [
        what(row)
        for row in inputs.tables[ContrastRow]
        if row.about_conditions and row.kind == "declared" and calibration.of(*row.definition) is None
    ]
    if unheld:
        yield f"Not calibrated, so no claim: {listed(unheld)}."


def _power(calibration: Calibration) -> Iterator[str]:
    """The power of so many trainings, as it was stated before the calibration started."""
    stated = calibration.stated_power
    if stated is not None:
        others = [one for one in calibration.power if one.sd == stated.sd and one is not stated]
        beside = "; ".join(f"{one.n_seeds}: {percent(one.power)}" for one in others)
        yield (
            f"Stated beforehand: if a number moves by {rounded(stated.sd)} (sd) between trainings, "
            f"{many(stated.n_seeds, 'training')} find a shift of {rounded(stated.shift)} with "
            f"a power of {percent(stated.power)}{f' ({beside})' if beside else ''}."
        )


def sentence(one: CalibratedContrast, *, arms: bool, drawn: int) -> str:
    """Say what one calibrated contrast shows.

    Args:
        arms: whether the sentence names the arms.
        drawn: draws of both arms; those with a valid value count.
    """
    words = what_is_compared(one.statistic, one.field, one.level)
    ends = "the same in every training"
    if one.low is not None and one.high is not None:
        ends = f"{signed(one.low)} to {signed(one.high)} over trainings"
    return (
        f"{words[0].upper()}{words[1:]}{f', {one.arm_b} against {one.arm_a}' if arms else ''}: "
        f"[{signed(one.difference)}](calibration) "
        f"({ends}; p after Holm {p_value(one.p_adjusted)}; "
        f"n = {many(one.n_seeds, 'pair')} of trainings, {count(one.n)} of {many(drawn, 'draw')} count). "
        f"{VERDICTS[one.verdict]}{_missed(one)}"
    )


def _missed(one: CalibratedContrast) -> str:
    """The difference that would have been found: a contrast that does not stand proves no equality."""
    if one.verdict != "does not stand":
        return ""
    if one.smallest_shift is None:
        return "."
    if one.statistic != "mean" and one.smallest_shift > 1:
        return "; trainings differ so much that no possible difference would have been found reliably."
    return f"; a difference from {rounded(one.smallest_shift)} on would have been found reliably."
