"""Simulate calibrations: numbers that vary with the training seed, judged by the calibration's own rule.

The share of an arm in training run i comes from a Beta distribution with the arm's mean and the sd of a
seed effect, and its draws from the binomial. If nothing is planted, both arms have one mean: they differ
only by seed and draws, and no contrast may stand.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from experiments.calibrate.power import power_of
from experiments.calibrate.rule import judged, paired
from stages.common.seeds import seed_for

MEANS = (0.25, 0.75)
"""Mean shares of the first and the last contrast; the others lie evenly between them."""


@dataclass(frozen=True)
class SeedScene:
    """Calibrations with one size of seed effects."""

    sd: float
    """Standard deviation of a share between the training runs of an arm."""
    shift: float
    """Shift planted in the middle contrast; 0: nothing is planted."""
    n_runs: int
    """Training runs per arm."""
    draws: int
    """Draws per run."""
    n_contrasts: int
    alpha: float
    confidence: float
    seed: int

    @property
    def name(self) -> str:
        planted = f"a shift of {self.shift:g}" if self.shift else "nothing"
        return f"{planted}, {self.n_runs} training seeds that move shares by {self.sd:g} (sd)"

    @property
    def planted(self) -> int:
        """Position of the contrast that has the shift."""
        return self.n_contrasts // 2

    @property
    def power(self) -> float:
        """Power to find the shift; both seed and draws move a run's share."""
        low, _ = self._means(self.planted)
        draws = (low * (1 - low) - self.sd**2) / self.draws
        return power_of(
            self.shift, sqrt(2 * (self.sd**2 + draws)), self.n_runs, self.alpha / self.n_contrasts
        )

    def stands(self, number: int) -> set[int]:
        """Positions of the contrasts that stand in one simulated calibration."""
        rng = np.random.default_rng(seed_for("seeds", self.seed, self.name, number))
        tests = []
        for place in range(self.n_contrasts):
            a, b = (self._runs(mean, rng) for mean in self._means(place))
            tests.append(paired(list(a), list(b), self.confidence))
        verdicts = judged(tests, self.alpha)
        return {place for place, (_, said) in enumerate(verdicts) if said == "stands"}

    def _means(self, place: int) -> tuple[float, float]:
        """Means of arms a and b; the shift lies around their middle."""
        mean = float(np.linspace(*MEANS, self.n_contrasts)[place])
        half = self.shift / 2 if place == self.planted else 0.0
        return mean - half, mean + half

    def _runs(self, mean: float, rng: np.random.Generator) -> np.ndarray:
        """Share among the draws of every run, shape (n_runs,)."""
        concentration = mean * (1 - mean) / self.sd**2 - 1
        shares = rng.beta(mean * concentration, (1 - mean) * concentration, self.n_runs)
        return rng.binomial(self.draws, shares) / self.draws


def n_standing(scene: SeedScene, studies: int) -> int:
    """Number of simulated calibrations in which the planted contrast stands, or any if nothing is planted."""
    found = [scene.stands(number) for number in range(1, studies + 1)]
    return sum(scene.planted in one if scene.shift else bool(one) for one in found)
