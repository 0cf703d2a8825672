"""State before a calibration what it can find.

Power is planned with the strictest step of Holm (alpha / number of contrasts) and independent runs: a number
that varies by sd between the trainings of an arm gives differences that vary by sd * sqrt(2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.optimize import brentq
from scipy.stats import nct, t

from stages.common.calibration import Power

SHOWN_RUNS = (3, 5, 6, 8)
WIDEST = 1e4
"""Standard deviations; every effect of this size is found, even with two runs."""


@dataclass(frozen=True)
class Asked:
    """The sizes that a calibration is planned with."""

    shift: float
    """Shift that should be found."""
    sd: Sequence[float]
    """Standard deviations of one arm's number between its training runs."""
    alpha: float
    """Level of the family."""
    n_contrasts: int
    power: float
    """Power to find the smallest shift."""


def power_of(shift: float, sd_difference: float, n_runs: int, alpha: float) -> float:
    """Power of the two-sided paired t test, by the noncentral t distribution.

    >>> [round(power_of(0.4, 0.12 * sqrt(2), n, 0.05 / 7), 2) for n in (3, 5, 6, 8)]
    [0.12, 0.62, 0.83, 0.98]
    """
    if sd_difference <= 0:
        return 1.0
    return _power(shift / sd_difference, n_runs, alpha)


def smallest_shift(sd_difference: float, n_runs: int, alpha: float, power: float) -> float:
    """The smallest shift that is found with this power.

    >>> round(smallest_shift(0.12 * sqrt(2), 6, 0.05 / 7, 0.8), 2)
    0.39
    """
    found = brentq(lambda size: _power(size, n_runs, alpha) - power, 1e-6, WIDEST)
    return float(found) * sd_difference


def planned(asked: Asked, n_runs: int, sd: float) -> Power:
    """Power of this many runs per arm, if a number varies by sd between them."""
    spread, level = sd * sqrt(2), asked.alpha / max(1, asked.n_contrasts)
    return Power(
        n_seeds=n_runs,
        shift=asked.shift,
        sd=sd,
        power=power_of(asked.shift, spread, n_runs, level),
        smallest_shift=smallest_shift(spread, n_runs, level, asked.power),
    )


def planned_for(asked: Asked, n_runs: int) -> list[Power]:
    """Power for this number of runs and for SHOWN_RUNS, for every spread."""
    return [planned(asked, n, sd) for sd in asked.sd for n in sorted({*SHOWN_RUNS, n_runs})]


def stated(found: Sequence[Power], asked: Asked, n_runs: int) -> str:
    """Lines for the terminal, before the calibration starts."""
    lines = [f"Power to find a shift of {asked.shift:g} in one of {asked.n_contrasts} contrasts"]
    for sd in asked.sd:
        lines.append(f"if a number varies by {sd:g} (sd) between trainings:")
        lines += [
            f"  {one.n_seeds} training seeds: {one.power:.0%}; smallest shift found with {asked.power:.0%}: "
            f"{one.smallest_shift:.2f}{'  <- this calibration' * (one.n_seeds == n_runs)}"
            for one in found
            if one.sd == sd
        ]
    return "\n".join(lines)


def _power(size: float, n_runs: int, alpha: float) -> float:
    """Power for a shift of `size` standard deviations of the difference."""
    freedom, away = n_runs - 1, size * sqrt(n_runs)
    quantile = t.ppf(1 - alpha / 2, freedom)
    # scipy gives NaN for the opposite tail if it is smaller than 1e-10
    return float(nct.sf(quantile, freedom, away) + np.nan_to_num(nct.cdf(-quantile, freedom, away)))
