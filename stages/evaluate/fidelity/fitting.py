"""What of a table of two fields do its margins not explain? Proportional fitting."""

import numpy as np

from stages.evaluate.chance.nulls import Numbers

ROUNDS = 10
"""Of proportional fitting: margins are then met within .01 of a share, mostly far closer."""


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
