"""metrics/validation: what was simulated, what was found, whether the promise is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from rich.table import Table

from experiments.validate.promises import Kept
from stages.common.files import Metrics


@dataclass(frozen=True)
class Result:
    """Of the simulated studies with one planted effect."""

    planted: str
    draws: int
    """Of each arm, or of each of its training runs."""
    effect: float | None
    """The difference b - a that was planted."""
    counted: Kept


def result_table(results: Sequence[Result]) -> pd.DataFrame:
    """results.csv; `effect` is the difference b - a that was planted, empty where nothing was."""
    rows = [
        {
            "planted": one.planted,
            "draws": one.draws,
            "effect": one.effect,
            "studies": one.counted.studies,
            "n_found": one.counted.n_found,
            "least": one.counted.least,
            "most": one.counted.most,
            "kept": "yes" if one.counted.kept else "no",
        }
        for one in results
    ]
    return pd.DataFrame(rows)


def summary(results: Sequence[Result]) -> Metrics:
    """The same counts, for `git diff`."""
    return {
        one.planted: {
            "n_found": one.counted.n_found,
            "studies": one.counted.studies,
            "least": one.counted.least,
            "most": one.counted.most,
        }
        for one in results
    }


def terminal(results: Sequence[Result]) -> Table:
    """For the terminal."""
    shown = Table("planted", "draws", "effect", "found in", "promised", "kept")
    for one in results:
        effect = "-" if one.effect is None else f"{one.effect:+.2f}"
        counted = one.counted
        promised = f"{counted.least} to {counted.most}"
        kept = "yes" if counted.kept else "NO"
        shown.add_row(
            one.planted, str(one.draws), effect, f"{counted.n_found}/{counted.studies}", promised, kept
        )
    return shown
