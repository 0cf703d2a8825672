"""Do the fields fit together as in the dataset? Pairs, and what their margins do not explain."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

from stages.common.variation import variations
from stages.evaluate.cells import Cell, Study
from stages.evaluate.coding import Coded, Codes, coded
from stages.evaluate.fitting import joint_excess
from stages.evaluate.nulls import Band, Numbers, band_of, incomparable, null_counts, p_above
from stages.evaluate.params import EvaluateParams
from stages.evaluate.rows import NotComputed, Row


@dataclass(frozen=True)
class JointRow(Row):
    """joint.csv; n = profiles parsed, so that a profile without one of the fields is off."""

    field: str
    field_2: str
    roles: str
    """Such as `protected x number`."""
    n: int
    n_cells: int
    """Of the table of the two fields' levels that the reference or the profiles have."""
    tv: float
    """Of the pair's shares, from the reference's."""
    tv_margin: float
    """The larger total variation of the two fields alone; tv is never smaller."""
    band: Band
    p: float | None
    """Of a distance as large, if the arm drew from the reference; not corrected for many pairs."""


@dataclass(frozen=True)
class JointExcessRow(Row):
    """joint_excess.csv; n = parsed profiles that have both fields."""

    field: str
    field_2: str
    roles: str
    n: int
    excess: float
    """What the margins of these profiles do not explain: see `joint_excess`."""
    band: Band
    p: float | None
    """Of an excess as large, if the profiles were drawn from the people with both fields; as above."""


def joint(cell: Cell, study: Study) -> Iterator[Row]:
    """Every pair of protected fields, attributes and numbers that the prompt does not fix."""
    if reason := incomparable(cell):
        yield NotComputed(*cell.key, "joint", "", reason)
        return
    fields = study.schema.by_role("protected", "attribute", "number")
    free = [coded(field, cell) for field in fields if field.path not in cell.prompt.given]
    for first, second in combinations(free, 2):
        n_cells = first.n_levels * second.n_levels
        if n_cells <= study.params.max_joint_cells:
            yield _distance(first, second, cell, study.params)
            yield _excess(first, second, cell, study.params)
        else:
            reason = f"{n_cells} cells; needs <= {study.params.max_joint_cells} (evaluate.max_joint_cells)"
            yield NotComputed(*cell.key, "joint", _name(first, second), reason)


def _distance(first: Coded, second: Coded, cell: Cell, params: EvaluateParams) -> Row:
    shape, n = (first.n_levels, second.n_levels), len(cell.profiles)
    shares = _shares(first.generated, second.generated, shape)
    reference = _shares(first.reference, second.reference, shape)
    people = tuple(first.reference.tolist()), tuple(second.reference.tolist())
    null = _null_variations(*people, n, draws=params.null_draws, seed=params.seed)
    tv = float(variations(shares.ravel(), reference.ravel()))
    n_cells = int(np.count_nonzero(shares + reference))
    margin = max(float(variations(shares.sum(axis), reference.sum(axis))) for axis in (0, 1))
    band = band_of(tv, null, params.confidence)
    return JointRow(*_head(first, second, cell), n, n_cells, tv, margin, band, p_above(tv, null))


def _excess(first: Coded, second: Coded, cell: Cell, params: EvaluateParams) -> Row:
    """Omission is no level here: fields that are seldom there together would seem to fit."""
    shape = first.n_levels, second.n_levels
    here = (first.generated != first.missing) & (second.generated != second.missing)
    there = (first.reference != first.missing) & (second.reference != second.missing)
    if not here.any() or not there.any():
        who = "nobody in the reference" if here.any() else "no profile"
        return NotComputed(*cell.key, "joint excess", _name(first, second), f"{who} has both fields")
    shares = _shares(first.generated[here], second.generated[here], shape)
    rows, columns = first.reference[there], second.reference[there]
    excess, n = float(joint_excess(shares, _shares(rows, columns, shape))), int(here.sum())
    people = tuple(rows.tolist()), tuple(columns.tolist())
    null = _null_excesses(*people, n, draws=params.null_draws, seed=params.seed)
    band = band_of(excess, null, params.confidence)
    return JointExcessRow(*_head(first, second, cell), n, excess, band, p_above(excess, null))


def _head(first: Coded, second: Coded, cell: Cell) -> tuple[str, str, str, str, str]:
    roles = f"{first.field.role} x {second.field.role}"
    return (*cell.key, first.field.path, second.field.path, roles)


def _name(first: Coded, second: Coded) -> str:
    return f"{first.field.path} x {second.field.path}"


def _shares(rows: Codes, columns: Codes, shape: tuple[int, int]) -> Numbers:
    """Of both fields' levels together: shape `shape`."""
    counts = np.bincount(rows * shape[1] + columns, minlength=shape[0] * shape[1])
    return (counts / len(rows)).reshape(shape)


@lru_cache(maxsize=256)
def _null_variations(rows: tuple[int, ...], columns: tuple[int, ...], n: int, **draws: int) -> Numbers:
    """Total variation of perfect samplers; arms with the same reference and n share it."""
    null, reference = _null_tables(rows, columns, n, **draws)
    return variations(null.reshape(reference.size, -1).T, reference.ravel())


@lru_cache(maxsize=256)
def _null_excesses(rows: tuple[int, ...], columns: tuple[int, ...], n: int, **draws: int) -> Numbers:
    return joint_excess(*_null_tables(rows, columns, n, **draws))


@lru_cache(maxsize=1)
def _null_tables(
    rows: tuple[int, ...], columns: tuple[int, ...], n: int, **draws: int
) -> tuple[Numbers, Numbers]:
    """Shares of perfect samplers, shape (I, J, draws), and of the reference, whose levels they never leave.

    Args:
        rows, columns: shape (n_people,), the levels of the people.
    """
    first, second = (np.unique(codes, return_inverse=True)[1] for codes in (rows, columns))
    reference = _shares(first, second, (int(first.max()) + 1, int(second.max()) + 1))
    cells = first * reference.shape[1] + second
    null = null_counts(cells, reference.size, n, draws=draws["draws"], seed=draws["seed"]) / n
    return null.T.reshape(*reference.shape, -1), reference
