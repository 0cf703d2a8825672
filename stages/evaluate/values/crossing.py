"""Two fields crossed: how many profiles have each pair of levels."""

from dataclasses import dataclass

import numpy as np

from stages.evaluate.arrays import Floats, Places
from stages.evaluate.chance.nulls import null_counts
from stages.evaluate.values.coding import NONE


@dataclass(frozen=True)
class Crossing:
    """The profiles with a valid value in both of two fields, by level of the first and of the second."""

    first: tuple[int, ...]
    """The level of each profile in the first field, from 0; levels that no profile has are left out."""
    second: tuple[int, ...]

    @property
    def n(self) -> int:
        return len(self.first)

    @property
    def shape(self) -> tuple[int, int]:
        """Number of levels of either field."""
        return max(self.first, default=-1) + 1, max(self.second, default=-1) + 1

    @property
    def table(self) -> Places:
        return np.bincount(self._cells, minlength=int(np.prod(self.shape))).reshape(self.shape)

    def sampled(self, n: int, *, draws: int, seed: int) -> Floats:
        """Tables of n of these people each, drawn with replacement: shape (draws, *shape)."""
        counts = null_counts(self._cells, int(np.prod(self.shape)), n, draws=draws, seed=seed, fixed=True)
        return counts.reshape(draws, *self.shape)

    @property
    def _cells(self) -> Places:
        return np.array(self.first, np.intp) * self.shape[1] + np.array(self.second, np.intp)


def crossing(first: Places, second: Places) -> Crossing:
    """Cross the codes of two fields, shape (n_profiles,); profiles without one of them are left out."""
    both = (first != NONE) & (second != NONE)
    codes = [np.unique(some[both], return_inverse=True)[1].tolist() for some in (first, second)]
    return Crossing(tuple(codes[0]), tuple(codes[1]))
