"""Find what the margins of a table of two fields do not explain, by proportional fitting."""

import numpy as np

from stages.evaluate.arrays import Flags, Floats

ROUNDS = 2_000
"""The most rounds of proportional fitting."""
TOLERANCE = 1e-8
"""How far the margins of a fitted table may be off together, as a share."""
LOOKS = 8
"""Rounds between two looks at the margins."""
UNFITTED = f"the reference cannot be fitted to the margins of the profiles within {ROUNDS:,} rounds"
VANISHED = 1e-200
"""A sum below it stands for 0: margins that no table can have drive the factors apart without end."""


def joint_excess(shares: Floats, reference: Floats) -> Floats:
    """The part of a pair's distance from the reference that the margins do not explain; in [0, 1].

    Total variation between `shares`, shape (I, J, ...), and the table `reference`, shape (I, J) or
    that of `shares`, that was first fitted to the margins of `shares`: the table with these margins
    that is closest to the reference and keeps its odds ratios (Deming & Stephan 1940; Csiszar 1975).
    So an arm that only shows some level more often scores 0; one that has every margin right and
    pairs the levels otherwise scores the whole distance. Levels that the reference lacks are fitted
    as independent. A fitted table that is further off than the reference itself explains nothing: then it
    is the whole distance. Shape (...); NaN where the margins are not met within ROUNDS.
    """
    tables, kernel = (array.reshape(*array.shape[:2], -1) for array in (shares, reference))
    whole = np.abs(tables - kernel).sum(axis=(0, 1)) / 2
    # NaN stays
    excess: Floats = np.minimum(_excess(tables, _with_all_levels(kernel)), whole)
    return np.round(excess, 9).reshape(shares.shape[2:])


def with_one_more(reference: Floats, n_people: int) -> Floats:
    """The shares of the reference with one more person, who stands for all pairs of levels.

    The person is spread as if the fields were independent (pseudo-counts: Fienberg & Holland 1973).
    Without them no table would have the margins of many an arm: a pair of levels that nobody has
    would be impossible. Shapes (I, J, ...).
    """
    independent = reference.sum(axis=1, keepdims=True) * reference.sum(axis=0, keepdims=True)
    smoothed: Floats = (n_people * reference + independent) / (n_people + 1)
    return smoothed


def _excess(tables: Floats, kernel: Floats) -> Floats:
    """The excess of each table: shape (n_tables,). Tables that fit leave, so that slow ones cost little."""
    rows, columns, found = tables.sum(axis=1), tables.sum(axis=0), np.full(tables.shape[2], np.nan)
    left, of_column = np.arange(tables.shape[2]), np.ones_like(columns)
    for done in range(ROUNDS):
        of_row = _ratio(rows, _sums(kernel, of_column))
        of_column = _ratio(columns, _sums(kernel.swapaxes(0, 1), of_row))
        if done % LOOKS:
            continue
        fits = np.abs(of_row * _sums(kernel, of_column) - rows).sum(axis=0) <= TOLERANCE
        fitted = of_row[:, None, fits] * _of(kernel, fits) * of_column[:, fits]
        found[left[fits]] = np.abs(tables[:, :, left[fits]] - fitted).sum(axis=(0, 1)) / 2
        left, rows, columns, of_column = left[~fits], rows[:, ~fits], columns[:, ~fits], of_column[:, ~fits]
        kernel = _of(kernel, ~fits)
        if not len(left):
            break
    return found


def _sums(kernel: Floats, of_column: Floats) -> Floats:
    """Sum over columns of kernel x of_column: shape (I, n_tables)."""
    if kernel.shape[2] == 1:
        return kernel[:, :, 0] @ of_column
    return np.asarray(np.einsum("ijd,jd->id", kernel, of_column))


def _of(kernel: Floats, chosen: Flags) -> Floats:
    return kernel if kernel.shape[2] == 1 else kernel[:, :, chosen]


def _with_all_levels(reference: Floats) -> Floats:
    """Rows and columns without anybody get the shares of independence, which any margin can fit."""
    rows, columns = reference.sum(axis=1, keepdims=True), reference.sum(axis=0, keepdims=True)
    lacking = (rows == 0) | (columns == 0)
    return np.where(lacking, np.where(rows, rows, 1) * np.where(columns, columns, 1), reference)


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    return np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator > VANISHED)
