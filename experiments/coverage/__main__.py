"""Simulate arms whose truth is known, and count how often their intervals hold it (minutes).

    python -m experiments.coverage

It writes metrics/validation/coverage.csv and prints a table; docs/method.md quotes it.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table
from tqdm import tqdm

from experiments.coverage import measures, variation
from experiments.coverage.measures import Case
from stages.common.cells import write_table
from stages.common.seeds import seed_for
from stages.shell.errors import run

COVERAGE = Path("metrics/validation/coverage.csv")
SIZES = 10, 40, 200
Simulated: TypeAlias = Callable[[int, int, np.random.Generator], Iterator[Case]]

MEASURES: dict[str, tuple[Simulated, int]] = {
    "kolmogorov_smirnov": (measures.kolmogorov, 400),
    "entropy": (measures.entropy, 200),
    "coverage": (measures.coverage, 200),
    "agreement": (measures.kappa, 200),
    "association": (measures.cramers_v, 400),
    "joint_excess": (measures.excess, 100),
    "permanova": (variation.r2, 100),
    "effects": (variation.eta2, 100),
    "memorisation": (measures.memory, 400),
}
"""By table: what simulates its arms, and how many arms of each kind."""


def main() -> None:
    jobs = [(name, n) for name in MEASURES for n in SIZES]
    found = pd.concat(counted(name, n) for name, n in tqdm(jobs, unit="size", file=sys.stderr))
    write_table(COVERAGE, found)
    Console().print(terminal(found))


def counted(name: str, n: int) -> pd.DataFrame:
    """How often the interval holds the truth, and its mean width, for each kind of arm."""
    simulate, repeats = MEASURES[name]
    rng = np.random.default_rng(seed_for(1, "coverage", name, n))
    cases = pd.DataFrame(simulate(n, repeats, rng))
    # tolerance for truths at an end of their range
    cases["held"] = (cases["low"] - 1e-9 <= cases["truth"]) & (cases["truth"] <= cases["high"] + 1e-9)
    cases["width"] = cases["high"] - cases["low"]
    groups = cases.groupby(["setting", "kind"], sort=False)
    table = groups.agg(n_arms=("held", "size"), held=("held", "mean"), width=("width", "mean"))
    table["computed"] = groups["computed"].all()
    return table.reset_index().assign(measure=name, n=n)[
        ["measure", "n", "setting", "kind", "computed", "n_arms", "held", "width"]
    ]


def terminal(found: pd.DataFrame) -> Table:
    table = Table("table", "n", "setting", "printed", "held, mean", "worst", "width")
    for names, some in found.groupby(["measure", "n", "setting", "computed"], sort=False):
        measure, n, setting, computed = map(str, names)
        numbers = f"{some['held'].mean():.2f}", f"{some['held'].min():.2f}", f"{some['width'].mean():.2f}"
        table.add_row(measure, n, setting, "yes" if computed == "True" else "no", *numbers)
    return table


if __name__ == "__main__":
    run(main)
