"""Do the fields fit together as in the dataset? Pairs, and what their margins do not explain."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from stages.common.variation import variations
from stages.evaluate.cells import Cell, Study
from stages.evaluate.coding import Coded, Codes, coded
from stages.evaluate.nulls import Band, Numbers, band_of, incomparable, null_band, null_counts, p_above
from stages.evaluate.params import EvaluateParams
from stages.evaluate.rows import NotComputed, Row

ROUNDS = 10
"""Of proportional fitting: margins are then met within .01 of a share, mostly far closer."""


@dataclass(frozen=True)
class TvBand:
    """The null band of `tv`; two columns."""

    tv_band_low: float
    tv_band_high: float


@dataclass(frozen=True)
class JointRow(Row):
    """joint.csv; n = profiles parsed."""

    field: str
    field_2: str
    roles: str
    """Such as `protected x number`."""
    n: int
    n_cells: int
    """Of the table of the two fields' levels that the reference or the profiles have."""
    tv: float
    """Of the pair's shares, from the reference's."""
    tv_band: TvBand
    tv_margin: float
    """The larger total variation of the two fields alone; tv is never smaller."""
    excess: float
    """What the margins do not explain: see `joint_excess`."""
    band: Band
    """Of `excess`."""
    p: float
    """Of an excess as large, if the arm drew from the reference; not corrected for many pairs."""


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
            yield _row(first, second, cell, study)
        else:
            pair = f"{first.field.path} x {second.field.path}"
            reason = f"{n_cells} cells; needs <= {study.params.max_joint_cells} (evaluate.max_joint_cells)"
            yield NotComputed(*cell.key, "joint", pair, reason)


def joint_excess(shares: Numbers, reference: Numbers) -> Numbers:
    """The part of a pair's distance from the reference that the margins do not explain; in [0, 1].

    Total variation between `shares`, shape (I, J, ...), and the table `reference`, shape (I, J),
    that was first fitted to the margins of `shares`: the table with these margins that is closest
    to the reference and keeps its odds ratios (Deming & Stephan 1940; Csiszar 1975). So an arm
    that only shows some level more often scores 0; one that has every margin right and pairs the
    levels otherwise scores the whole distance. Levels that the reference lacks are fitted as
    independent. Shape (...).
    """
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    kernel = _with_all_levels(reference)
    flat = (-1, rows[0].size)
    rows, columns = rows.reshape(flat), columns.reshape(flat)
    of_row, of_column = np.ones_like(rows), np.ones_like(columns)
    for _ in range(ROUNDS):
        of_row = _ratio(rows, kernel @ of_column)
        of_column = _ratio(columns, kernel.T @ of_row)
    fitted = (of_row[:, np.newaxis] * kernel[:, :, np.newaxis] * of_column).reshape(shares.shape)
    excess: Numbers = np.round(np.abs(shares - fitted).sum(axis=(0, 1)) / 2, 12)
    return excess


def _with_all_levels(reference: Numbers) -> Numbers:
    """Rows and columns without anybody get the shares of independence, which any margin can fit."""
    rows, columns = reference.sum(axis=1, keepdims=True), reference.sum(axis=0, keepdims=True)
    lacking = (rows == 0) | (columns == 0)
    return np.where(lacking, np.where(rows, rows, 1) * np.where(columns, columns, 1), reference)


def _ratio(numerator: Numbers, denominator: Numbers) -> Numbers:
    return np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator > 0)


def _row(first: Coded, second: Coded, cell: Cell, study: Study) -> JointRow:
    params, n, shape = study.params, len(cell.profiles), (first.n_levels, second.n_levels)
    shares = _table(first.generated, second.generated, shape)
    reference = _table(first.reference, second.reference, shape)
    excess = float(joint_excess(shares, reference))
    null_tv, null_excess = _nulls(first.reference, second.reference, n, params)
    return JointRow(
        *(*cell.key, first.field.path, second.field.path, f"{first.field.role} x {second.field.role}", n),
        n_cells=int(np.count_nonzero(shares + reference)),
        tv=float(variations(shares.ravel(), reference.ravel())),
        tv_band=TvBand(*null_band(null_tv, params.confidence)),
        tv_margin=_margin_variation(shares, reference),
        excess=excess,
        band=band_of(excess, null_excess, params.confidence),
        p=p_above(excess, null_excess),
    )


def _table(rows: Codes, columns: Codes, shape: tuple[int, int]) -> Numbers:
    """Shares of both fields' levels together: shape `shape`."""
    counts = np.bincount(np.ravel_multi_index((rows, columns), shape), minlength=shape[0] * shape[1])
    return (counts / len(rows)).reshape(shape)


def _nulls(first: Codes, second: Codes, n: int, params: EvaluateParams) -> tuple[Numbers, Numbers]:
    """Total variation and excess of perfect samplers, who never leave the levels of the reference."""
    (levels, rows), (levels_2, columns) = (np.unique(codes, return_inverse=True) for codes in (first, second))
    shape = len(levels), len(levels_2)
    reference = _table(rows, columns, shape)
    cells = np.ravel_multi_index((rows, columns), shape)
    null = null_counts(cells, reference.size, n, draws=params.null_draws, seed=params.seed) / n
    return variations(null, reference.ravel()), joint_excess(null.T.reshape(*shape, -1), reference)


def _margin_variation(shares: Numbers, reference: Numbers) -> float:
    return max(float(variations(shares.sum(axis), reference.sum(axis))) for axis in (0, 1))
