"""What the augmentation changes: nothing can be said without a calibration made with these very settings.

One training per dataset confounds the data with the training's random start. `metrics/calibration`
holds what several trainings and many more draws showed.
"""

from collections.abc import Iterator, Sequence

from stages.common.calibration import CalibratedContrast, Calibration, Verdict
from stages.common.phrases import many
from stages.common.tables.contrasts import ContrastRow
from stages.report.caveats import calibrated_where
from stages.report.comparing import what, what_is_compared
from stages.report.inputs import Inputs
from stages.report.moved import moved
from stages.report.numbers import detected, listed, percent, rounded
from stages.report.screen import Screen
from stages.report.shares import shares

QUESTION = "What does the augmentation change?"
NOT_KNOWN = "What the augmentation changes is not known: each dataset has one training"
WITHOUT = (
    "A difference between the two adapters may come from the data or from the random start of the training. "
    "Telling them apart needs several trainings of each and many more draws (a calibration): {reason}."
)
VERDICTS: dict[Verdict, str] = {
    "stands": "Stands over trainings with other random starts",
    "undecided": "Undecided, as it would stand by itself but not among so many contrasts",
    "does not stand": "Does not stand",
}
PICTURES = ("calibration-differences",)


def augmentation_screen(inputs: Inputs) -> Screen:
    calibration = inputs.calibration
    if not isinstance(calibration, Calibration):
        return Screen("augmentation", QUESTION, NOT_KNOWN, [WITHOUT.format(reason=calibration)])
    return Screen(
        "augmentation",
        QUESTION,
        _headline(calibration.contrasts, calibration.n_seeds),
        [*_told(calibration, inputs)],
        PICTURES,
        ("calibration",),
        [*_limits(calibration, inputs)],
    )


def first_finding(inputs: Inputs) -> str:
    """The headline of the first picture; without a calibration it says so."""
    shown = shares(inputs)
    return moved(shown, inputs) if shown.levels else NOT_KNOWN


def _headline(about: Sequence[CalibratedContrast], n_seeds: int) -> str:
    stand = [one for one in about if one.verdict == "stands"]
    verb = "stands" if len(stand) < 2 else "stand"
    of = f"{len(stand) or 'None'} of {many(len(about), 'calibrated contrast')}"
    return f"{of} {verb} over {many(n_seeds, 'pair')} of trainings"


def _told(calibration: Calibration, inputs: Inputs) -> Iterator[str]:
    for verdict, words in VERDICTS.items():
        found = [one for one in calibration.contrasts if one.verdict == verdict]
        if found:
            named = [what_is_compared(one.statistic, one.field, one.level) for one in found]
            yield f"{words}: {listed(named)}."
    yield (
        f"{many(calibration.n_seeds, 'training')} of each dataset wrote {many(calibration.draws, 'draw')} "
        "each. Both trainings of a pair share their random start, and the "
        f"[test](calibration) is over these {many(calibration.n_seeds, 'pair')}."
    )
    if where := calibrated_where(inputs):
        yield where
    unheld = [
        what(row)
        for row in inputs.tables[ContrastRow]
        if row.about_conditions and row.kind == "declared" and calibration.of(*row.definition) is None
    ]
    if unheld:
        yield f"Not calibrated, so no claim: {listed(unheld)}."


def _limits(calibration: Calibration, inputs: Inputs) -> Iterator[str]:
    if any(inputs.declarations.when(one) != "before" for one in inputs.asked_contrasts):
        own = "has the random start of" if inputs.calibrated_elsewhere else "is"
        yield (
            f"The first pair {own} the pipeline's own. Contrasts that were not declared before its first "
            "draws were chosen with it in view; the other pairs are new."
        )
    if any(one.verdict != "stands" for one in calibration.contrasts):
        yield (
            "A contrast that does not stand proves no equality: the table says which true difference would "
            f"be detected {detected(inputs.power)}."
        )
    if (stated := calibration.stated_power) is not None:
        yield (
            "Stated beforehand: if a number varies between trainings with a standard deviation of "
            f"{rounded(stated.sd)}, {percent(stated.power)} of such studies find a shift of "
            f"{rounded(stated.shift)}."
        )
