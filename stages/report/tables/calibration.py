"""The calibrated contrasts: what several trainings of each dataset show."""

from collections.abc import Iterator

from stages.common.calibration import CalibratedContrast, Calibration
from stages.report.comparing import what_is_compared
from stages.report.inputs import Inputs
from stages.report.numbers import count, detected, p_value, rounded, signed
from stages.report.table import EMPTY, Column, Entry, Table, heads

KEY = "calibration"


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
        *heads(KEY, "b − a", "p after Holm", "verdict", "pairs", "draws that count"),
        Column(f"detected {detected(inputs.power)} if the true difference is", KEY),
    ]
    yield Table(
        KEY,
        "Calibrated contrasts, over pairs of trainings with the same random start",
        columns,
        [_row(one, inputs) for one in found.contrasts],
        "Square brackets hold the interval of the mean difference over pairs of trainings.",
    )


def _row(one: CalibratedContrast, inputs: Inputs) -> list[Entry]:
    known = one.low is not None and one.high is not None
    ends = f"{signed(one.low or 0)} to {signed(one.high or 0)}" if known else "the same in every pair"
    return [
        Entry(what_is_compared(one.statistic, one.field, one.level)),
        Entry(one.prompt),
        Entry(inputs.name(one.arm_a)),
        Entry(inputs.name(one.arm_b)),
        Entry(signed(one.difference), interval=ends),
        Entry(p_value(one.p_adjusted)),
        Entry(one.verdict),
        Entry(count(one.n_seeds)),
        Entry(count(one.n)),
        _least(one),
    ]


def _least(one: CalibratedContrast) -> Entry:
    """The true difference that would be detected; none that is possible, where trainings differ too much."""
    if one.smallest_shift is None or (one.statistic != "mean" and one.smallest_shift > 1):
        return EMPTY
    return Entry(f"±{rounded(one.smallest_shift)}")
