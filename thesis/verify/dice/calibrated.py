"""Shares that the calibration reports of the project's own adapters, from about 200 draws each.

They are a second report about the same adapters, and a sharper one than the few draws of `generate`.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path

import numpy as np

from stages.common.calibration import STATE
from stages.common.evaluated import EvaluatedProfile
from stages.common.files import read_json, read_text
from stages.evaluate.contrasts.permutation import mean_test
from stages.evaluate.contrasts.statistics import RATES, Reading, per_draw
from thesis.verify.dice.shares import Answer, Question

RUNS = Path("metrics/calibration/runs.csv")
OWN = "1"
"""Number of the training run whose adapters are the project's own."""


def reported_shares(adapter_sha256: Mapping[str, str]) -> dict[tuple[str, str], tuple[int, int]]:
    """How many of how many draws, by contrast and arm; nothing of arms whose adapter has changed since.

    Args:
        adapter_sha256: of each arm's adapter now.
    """
    if not STATE.exists() or not RUNS.exists():
        return {}
    then = read_json(STATE)["made_with"]["adapter_sha256"]
    return {
        (row["contrast"], row["arm"]): (round(float(row["value"]) * int(row["n"])), int(row["n"]))
        for row in csv.DictReader(StringIO(read_text(RUNS)))
        if row["run"] == OWN and then.get(row["arm"]) == adapter_sha256.get(row["arm"], "")
    }


def answers(
    asked: Sequence[Question],
    shares: Mapping[tuple[str, str], tuple[int, int]],
    new: Mapping[tuple[str, str], Sequence[EvaluatedProfile]],
    how: Mapping[str, Reading],
) -> Iterator[Answer]:
    """Tests of the calibration's shares against the new draws.

    Args:
        new: draws by arm and prompt.
        how: what the draws of each contrast are read with, by its id.
    """
    for one in asked:
        contrast, reported = one.contrast, shares.get((one.contrast.id, one.arm))
        if reported is None or contrast.statistic not in RATES:
            continue
        values = per_draw(contrast, new.get((one.arm, contrast.prompt), ()), how[contrast.id])
        values = values[~np.isnan(values)]
        if len(values):
            k, n = reported
            pooled = np.concatenate([np.ones(k), np.zeros(n - k), values])
            is_reported = np.arange(len(pooled)) < n
            yield Answer(one, mean_test(pooled, is_reported, draws=1, seed=1), "in the calibration")
