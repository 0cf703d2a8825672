"""Simulated calibrations: numbers that move with the training seed, judged by the calibration's own rule.

The share of an arm in training run i is drawn from a Beta distribution with the arm's mean and the sd of a
seed effect, and its draws from the binomial. Where nothing is planted both arms have one mean: what differs
between them is seed and draws alone, and no contrast may stand.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from experiments.calibrate.power import power_of
from experiments.calibrate.rule import judged, paired
from stages.common.seeds import seed_for

MEANS = (0.25, 0.75)
"""Of the shares: from the first to the last contrast, evenly."""


@dataclass(frozen=True)
class SeedScene:
    """Calibrations with one size of seed effects."""

    sd: float
    """Of a share, between the training runs of an arm."""
    shift: float
    """That is planted in the middle contrast; 0: in none."""
    n_runs: int
    """Of each arm."""
    draws: int
    """Of a run."""
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
        """The place of the contrast that has the shift."""
        return self.n_contrasts // 2

    @property
    def power(self) -> float:
        """With which the shift is found: seed and draws move a run's share."""
        low, _ = self._means(self.planted)
        draws = (low * (1 - low) - self.sd**2) / self.draws
        return power_of(
            self.shift, sqrt(2 * (self.sd**2 + draws)), self.n_runs, self.alpha / self.n_contrasts
        )

    def stands(self, number: int) -> set[int]:
        """The contrasts that stand in one simulated calibration, by their place."""
        rng = np.random.default_rng(seed_for("seeds", self.seed, self.name, number))
        tests = []
        for place in range(self.n_contrasts):
            a, b = (self._runs(mean, rng) for mean in self._means(place))
            tests.append(paired(list(a), list(b), self.confidence))
        verdicts = judged(tests, self.alpha)
        return {place for place, (_, said) in enumerate(verdicts) if said == "stands"}

    def _means(self, place: int) -> tuple[float, float]:
        """Of arm a and arm b; the shift goes around the middle."""
        mean = float(np.linspace(*MEANS, self.n_contrasts)[place])
        half = self.shift / 2 if place == self.planted else 0.0
        return mean - half, mean + half

    def _runs(self, mean: float, rng: np.random.Generator) -> np.ndarray:
        """Shape (n_runs,): the share among the draws of every run."""
        concentration = mean * (1 - mean) / self.sd**2 - 1
        shares = rng.beta(mean * concentration, (1 - mean) * concentration, self.n_runs)
        return rng.binomial(self.draws, shares) / self.draws


def n_standing(scene: SeedScene, studies: int) -> int:
    """Simulated calibrations in which a contrast stands: the planted one, or with nothing planted any."""
    found = [scene.stands(number) for number in range(1, studies + 1)]
    return sum(scene.planted in one if scene.shift else bool(one) for one in found)
