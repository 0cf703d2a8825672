"""Two fields crossed: how many profiles have each pair of levels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stages.common.fields import Field, get
from stages.common.levels import MISSING_LEVEL, levels_of
from stages.common.records import Profile
from stages.evaluate.arrays import Floats, Places
from stages.evaluate.chance.nulls import null_counts
from stages.evaluate.values.quartiles import bin_of, cut_points, numbers_of

Labels = NDArray[np.str_]


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


def crossing(first: Labels, second: Labels) -> Crossing:
    """Profiles without one of the fields are left out; null is a level.

    Args:
        first, second: shape (n_profiles,), as `labels_of` gives them.
    """
    both = (first != MISSING_LEVEL) & (second != MISSING_LEVEL)
    codes = [np.unique(labels[both], return_inverse=True)[1].tolist() for labels in (first, second)]
    return Crossing(tuple(codes[0]), tuple(codes[1]))


def labels_of(profiles: Sequence[Profile], labeller: Callable[[Profile], str]) -> Labels:
    """The label of each profile; `profiles`: their content. Shape (n_profiles,)."""
    return np.array([labeller(profile) for profile in profiles], np.str_)


def labeller(field: Field, people: Sequence[Profile]) -> Callable[[Profile], str]:
    """A function that names a profile's level; a number's level is its quarter among `people`."""
    levels = levels_of(field, people)
    if field.role != "number":
        return levels.of
    cuts = cut_points(numbers_of(field.path, people))

    def quarter(profile: Profile) -> str:
        found = bin_of(get(profile, field.path), cuts)
        return levels.of(profile) if found is None else f"quarter {1 + found}"

    return quarter
