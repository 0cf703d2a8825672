"""The calibrated contrasts: what several trainings of each dataset show."""

from collections.abc import Iterator
from dataclasses import replace

from stages.common.calibration import CalibratedContrast, Calibration
from stages.report.caveats import calibrated_where
from stages.report.comparing import what_is_compared
from stages.report.inputs import Inputs
from stages.report.numbers import detected, rounded
from stages.report.table import EMPTY, Column, Entry, Table, heads
from stages.report.tables.entries import of_arm, probability, shifted, whole

KEY = "calibration"
NOTE = "Square brackets hold the interval of the mean difference over pairs of trainings."


def calibration(inputs: Inputs) -> Iterator[Table]:
    """One row per calibrated contrast."""
    found = inputs.calibration
    if not isinstance(found, Calibration):
        return
    columns = [
        Column("compared", words=True),
        Column("prompt", words=True),
        Column("arm a", words=True),
        Column("arm b", words=True),
        *heads(KEY, "b − a", "p after Holm", "result", "pairs", "draws that count"),
        Column(f"detected {detected(inputs.power)} if the true difference is", KEY),
    ]
    yield Table(
        KEY,
        "Calibrated contrasts, over pairs of trainings with the same random start",
        columns,
        [_row(one, inputs) for one in found.contrasts],
        f"{NOTE} {calibrated_where(inputs)}".strip(),
    )


def _row(one: CalibratedContrast, inputs: Inputs) -> list[Entry]:
    return [
        Entry(what_is_compared(one.statistic, one.field, one.level)),
        Entry(one.prompt),
        of_arm(one.arm_a, inputs),
        of_arm(one.arm_b, inputs),
        _difference(one),
        probability(one.p_adjusted),
        Entry(one.verdict),
        whole(one.n_seeds),
        whole(one.n),
        _least(one),
    ]


def _difference(one: CalibratedContrast) -> Entry:
    shown = shifted(one.difference, (None, None), (one.low, one.high))
    return shown if shown.interval else replace(shown, interval="the same in every pair")


def _least(one: CalibratedContrast) -> Entry:
    """The true difference that would be detected; none that is possible, where trainings differ too much."""
    if one.smallest_shift is None or (one.statistic != "mean" and one.smallest_shift > 1):
        return EMPTY
    return Entry(f"±{rounded(one.smallest_shift)}", values={"": one.smallest_shift})
