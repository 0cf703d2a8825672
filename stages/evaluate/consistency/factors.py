"""Two crossed factors and blocks: sums of squares of linear models, tested by permutation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stages.evaluate.arrays import Floats
from stages.evaluate.chance.dealing import exchanged, starts_of
from stages.evaluate.contrasts.permutation import TIE
from stages.evaluate.intervals.jackknife import rows_without, turns

EFFECTS = ("source", "condition", "source x condition")


@dataclass(frozen=True)
class Factors:
    """Who wrote each draw, from which data, and to which prompt; all of length n."""

    source: tuple[str, ...]
    condition: tuple[str, ...]
    block: tuple[str, ...]

    @property
    def cells(self) -> list[tuple[str, str, str]]:
        return list(zip(self.block, self.source, self.condition, strict=True))


@dataclass(frozen=True)
class Effect:
    """How much of the variation an effect explains, and how much it would by chance."""

    name: str
    df: int
    f: float
    partial_eta2: float
    left_out_eta2: list[float]
    """partial_eta2 without each of up to GROUPS groups of draws."""
    null_eta2: Floats
    """partial_eta2 of the permutations, shape (draws,)."""
    p: float


@dataclass(frozen=True)
class Bases:
    """What a model explains, in parts: orthonormal bases of shape (n, rank)."""

    without: Floats
    """The basis of the model without the effect."""
    extra: Floats
    """The part that the effect adds to it."""
    beyond: Floats
    """The part that the full model, with the interaction, adds to both."""

    @property
    def rank(self) -> int:
        return sum(basis.shape[1] for basis in (self.without, self.extra, self.beyond))


def effect_of(name: str, values: Floats, factors: Factors, *, draws: int, seed: int) -> Effect:
    """Test one of EFFECTS on values of shape (n, k): type II, by Freedman and Lane's permutations.

    A main effect is what it explains beyond block and the other factor, the interaction what it explains
    beyond these three; sums of squares are added over the k columns (Anderson 2001, Austral
    Ecology 26:32, with Euclidean distance). The residuals of the model without the effect are
    exchanged within blocks, added to its fit, and explained again (Freedman & Lane 1983; Winkler et
    al. 2014, NeuroImage 92:381); p = (1 + those with as large an F) / (1 + draws).

        partial eta2 = SS effect / (SS effect + SS residual of the full model)
        F = (SS effect / df) / (SS residual / (n - rank of the full model))
    """
    unsorted = factors.cells
    order = sorted(range(len(values)), key=unsorted.__getitem__)
    cells = [unsorted[i] for i in order]
    bases = _bases(name, cells)
    rest = _beyond(values[order], bases.without)
    df, df_rest, total = bases.extra.shape[1], len(values) - bases.rank, float((rest**2).sum())
    if df == 0 or df_rest < 1 or total <= 1e-12 * float((values**2).sum()):
        return Effect(name, df, 0.0, 0.0, [0.0] * len({*turns(len(values))}), np.zeros(draws), 1.0)
    starts = starts_of(cells)
    [observed] = _eta2(np.add.reduceat(rest, starts)[None], starts, bases, total)
    null = _eta2(exchanged(rest, cells, draws=draws, seed=seed), starts, bases, total)
    # F rises with partial eta2, so that both order the permutations alike
    n_as_large = int(np.count_nonzero(null >= observed - TIE))
    f = observed / max(1 - observed, 1e-12) * df_rest / df
    left_out = _left_out_eta2(name, values[order], cells)
    return Effect(name, df, float(f), float(observed), left_out, null, (1 + n_as_large) / (1 + draws))


def _left_out_eta2(name: str, values: Floats, cells: Sequence[tuple[str, str, str]]) -> list[float]:
    """Partial eta2 without each group of draws; draws leave in turns, one cell after the other."""
    found = []
    for kept in rows_without(turns(len(values))):
        of_kept = [cells[int(i)] for i in kept]
        bases, starts = _bases(name, of_kept), starts_of(of_kept)
        rest = _beyond(values[kept], bases.without)
        [eta2] = _eta2(np.add.reduceat(rest, starts)[None], starts, bases, float((rest**2).sum()))
        found.append(float(eta2))
    return found


def _eta2(sums: Floats, starts: list[int], bases: Bases, total: float) -> Floats:
    """Partial eta2 of residuals in several orders, from the sums of each cell: shape (draws,).

    `sums` have shape (draws, n_cells, k). The fit that is added to them lies in the space of the model
    without the effect, and changes no sum. All draws of a cell have the same factors, so that their sums
    are enough.
    """
    without, explained, beyond = (
        (np.einsum("bck,cd->bkd", sums, basis[starts]) ** 2).sum(axis=(1, 2))
        for basis in (bases.without, bases.extra, bases.beyond)
    )
    left = total - without - beyond
    found: Floats = np.divide(explained, left, out=np.zeros_like(left), where=left > 1e-12 * total)
    return found


def _bases(name: str, cells: Sequence[tuple[str, str, str]]) -> Bases:
    block, source, condition = (_indicators(labels) for labels in zip(*cells, strict=True))
    both = (source[:, :, None] * condition[:, None, :]).reshape(len(source), -1)
    beside = {"source": [condition], "condition": [source], "source x condition": [source, condition]}[name]
    added = {"source": source, "condition": condition, "source x condition": both}[name]
    without = _basis(np.hstack([block, *beside]))
    extra = _basis(_beyond(added, without))
    return Bases(without, extra, _basis(_beyond(both, np.hstack([without, extra]))))


def _beyond(columns: Floats, basis: Floats) -> Floats:
    return columns - basis @ (basis.T @ columns)


def _indicators(labels: Sequence[str]) -> Floats:
    names = list(dict.fromkeys(labels))
    return np.array([[label == name for name in names] for label in labels], float)


def _basis(columns: Floats) -> Floats:
    """An orthonormal basis of the space that the columns span: shape (n, rank)."""
    left, size, _ = np.linalg.svd(columns, full_matrices=False)
    # residuals of what is explained already are rounding errors
    return left[:, size > 1e-9 * max(1.0, np.sqrt(len(columns)))]
