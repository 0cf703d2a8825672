"""Tables of metrics/validation: what was simulated, what was found, whether the promise is kept."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import pandas as pd
from rich.table import Table

from experiments.validate.promises import Kept
from stages.common.files import Metrics


@dataclass(frozen=True)
class Result:
    """The simulated studies with one planted effect."""

    planted: str
    draws: int
    """Draws per arm, or per training run of an arm."""
    effect: float | None
    """Planted difference b - a; None if nothing was planted."""
    counted: Kept


def result_table(results: Sequence[Result]) -> pd.DataFrame:
    """Table results.csv; `effect` is the planted difference b - a, empty if nothing was planted."""
    columns = ["planted", "draws", "effect", "studies", "n_found", "least", "most", "kept"]
    rows = [asdict(one) | asdict(one.counted) | {"kept": _answer(one.counted)} for one in results]
    return pd.DataFrame(rows, columns=columns)


def summary(results: Sequence[Result]) -> Metrics:
    """Counts by planted effect, for `git diff`."""
    return {one.planted: asdict(one.counted) for one in results}


def terminal(results: Sequence[Result]) -> Table:
    """Summary for the terminal."""
    shown = Table("planted", "draws", "effect", "found in", "promised", "kept")
    for one in results:
        effect = "-" if one.effect is None else f"{one.effect:+.2f}"
        counted = one.counted
        promised = f"{counted.least} to {counted.most}"
        found = f"{counted.n_found}/{counted.studies}"
        shown.add_row(one.planted, str(one.draws), effect, found, promised, _answer(counted))
    return shown


def _answer(counted: Kept) -> str:
    return "yes" if counted.kept else "no"
