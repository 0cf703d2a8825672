"""What may be said about the augmentation: nothing without a calibration of these very adapters.

One training a dataset confounds the data with the training's random start. `metrics/calibration/state.json`
holds what several trainings and many more draws showed.
"""

from collections.abc import Iterator

from stages.common.calibration import CalibratedContrast, Calibration
from stages.report.inputs import Inputs
from stages.report.numbers import count, listed, many, p_value, signed
from stages.report.rows.contrasts import what_is_compared

WITHOUT = (
    "No claim is made. There is one training for each dataset, so a difference between the two adapters "
    "may come from the "
    "data or from the random start of the training. Telling them apart needs several trainings of each "
    "and many more draws "
    "(a calibration), and there is none of these adapters."
)
VERDICTS = {
    "stands": "It stands: trainings with other random starts show it too.",
    "does not stand": "It does not stand over trainings with other random starts.",
    "undecided": "That is undecided: the trainings do not agree enough.",
}


def augmentation(inputs: Inputs) -> Iterator[str | list[str]]:
    """Sentences about contrasts of the two datasets; one that says why there are none."""
    if inputs.calibration is None:
        yield WITHOUT
        return
    calibration, about = inputs.calibration, calibrated(inputs, inputs.calibration)
    if not about:
        yield "No claim is made: the calibration of these adapters holds none of the declared contrasts."
        return
    yield (
        f"{many(calibration.n_seeds, 'training')} of each dataset wrote {many(calibration.draws, 'draw')} "
        "each "
        f"([calibration](calibration)); differences are augmented minus original where the arms are named so."
    )
    pairs = {(one.arm_a, one.arm_b) for one in about}
    if len(pairs) == 1:
        [(arm_a, arm_b)] = pairs
        yield f"{arm_b} against {arm_a}:"
    yield [sentence(one, arms=len(pairs) > 1) for one in about]
    unheld = [
        row.what
        for row in inputs.tables.contrasts
        if row.about_conditions and row.kind == "declared" and calibration.of(*row.definition) is None
    ]
    if unheld:
        yield f"Not calibrated, so no claim: {listed(unheld)}."


def calibrated(inputs: Inputs, calibration: Calibration) -> list[CalibratedContrast]:
    """Of the calibration, those that are declared alike now: tested here, or left to the calibration."""
    tested = {row.definition for row in inputs.tables.contrasts if row.about_conditions}
    left = {row.statistic.removeprefix("contrast ") for row in inputs.tables.not_computed}
    return [one for one in calibration.contrasts if one.definition in tested or one.contrast in left]


def sentence(one: CalibratedContrast, *, arms: bool) -> str:
    """`arms`: whether it names them."""
    what = what_is_compared(one.statistic, one.field, one.level)
    return (
        f"{what[0].upper()}{what[1:]}{f', {one.arm_b} against {one.arm_a}' if arms else ''}: "
        f"[{signed(one.difference)}](calibration) "
        f"({signed(one.low)} to {signed(one.high)} over trainings; p after Holm {p_value(one.p_adjusted)}; "
        f"n = {count(one.n)}). "
        f"{VERDICTS[one.verdict]}"
    )
