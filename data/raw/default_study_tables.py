"""The measured tables of DATASHEET.md; make_default_study.py prints them."""

from collections.abc import Callable

import numpy as np
import pandas as pd

Datasets = dict[str, pd.DataFrame]
"""By column head; each with a `stratum` such as `employed/4` (employment, income quartile)."""


def tables(datasets: Datasets, levels: dict[str, list[str]]) -> str:
    """The levels of the protected fields, and what goes together with them, as Markdown."""
    return "\n".join(
        [table("share", level_rows(datasets, levels)), table("Cramér's V", v_rows(datasets, levels))]
    )


def level_rows(datasets: Datasets, levels: dict[str, list[str]]) -> pd.DataFrame:
    """The share of people who have a level."""
    rows = {
        f"{field} = {level}": {
            name: f"{(people[field] == level).mean():.1%}" for name, people in datasets.items()
        }
        for field, names in levels.items()
        for level in names
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def v_rows(datasets: Datasets, levels: dict[str, list[str]]) -> pd.DataFrame:
    """Cramér's V of each protected field with what is not protected."""
    rows = {
        f"{field} – {other}": {name: f"{cramers_v(d[field], column(d)):.2f}" for name, d in datasets.items()}
        for field in levels
        for other, column in OTHERS.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def table(what: str, rows: pd.DataFrame) -> str:
    lines = [
        [what, *rows.columns],
        ["---"] * (1 + rows.shape[1]),
        *([str(i), *r] for i, r in rows.iterrows()),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cramers_v(first: pd.Series, second: pd.Series) -> float:
    """Cramér's V of two columns, uncorrected: 0 is independent, 1 is determined.

    >>> cramers_v(pd.Series(["a", "a", "b", "b"]), pd.Series([1, 1, 2, 2]))
    1.0
    """
    observed = pd.crosstab(first, second).to_numpy()
    expected = observed.sum(1, keepdims=True) * observed.sum(0, keepdims=True) / observed.sum()
    chi2 = ((observed - expected) ** 2 / expected).sum()
    return float(np.sqrt(chi2 / observed.sum() / (min(observed.shape) - 1)))


OTHERS: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "employment": lambda people: people["stratum"].str.split("/").str[0],
    "income quartile": lambda people: people["stratum"].str.split("/").str[1],
    "education": lambda people: people["education"],
    "married": lambda people: people["married"],
}
