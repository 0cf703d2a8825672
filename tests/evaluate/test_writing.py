"""The table that the stage prints: verdicts on every arm under every prompt."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console

from stages.common.tables.base import Rate, Row
from stages.common.tables.fidelity import DistributionRow
from stages.common.tables.format import FunnelRow, ValidityRow
from stages.common.tables.variety import DiversityRow
from stages.common.verdicts import VERDICTS
from stages.evaluate.writing import summary, write_shares

NO_RATE = Rate(rate=0.0, low=0.0, high=0.0)


def cell(arm: str, distinct: int | None = None, prompt: str = "free", **counts: int) -> Iterator[Row]:
    """The rows of one cell; `counts` are those of verdicts, `_` in place of a space."""
    by_verdict = {one: counts.get(one.replace(" ", "_").replace(",", ""), 0) for one in VERDICTS}
    n = sum(by_verdict.values())
    where: dict[str, Any] = {"arm": arm, "prompt": prompt}
    size: dict[str, Any] = {"n": n, "n_conversations": n, "rate": NO_RATE}
    yield ValidityRow(**where, **size, n_readable=n, n_valid=0)
    yield FunnelRow(**where, **size, step="complete", n_step=n)
    for verdict, n_step in by_verdict.items():
        yield FunnelRow(**where, **size, step=verdict, n_step=n_step)
    if distinct is not None:
        yield DiversityRow(**where, n=n, n_distinct=distinct, n_distinct_facts=distinct)


def printed(*rows: Row) -> list[list[str]]:
    """The lines in a terminal of 80 columns, each as its cells."""
    console = Console(width=80, color_system=None)
    with console.capture() as caught:
        console.print(summary(rows, "tiny"))
    lines = [line for line in caught.get().splitlines() if line.strip()]
    return [[part.strip() for part in line.split("  ") if part.strip()] for line in lines]


def test_a_column_for_each_verdict_that_occurs_and_a_key() -> None:
    lines = printed(*cell("tiny+lora/original", 3, fits=2, repaired=1), *cell("tiny/none", refused=3))
    assert lines[0] == ["arm", "prompt", "draws", "✓", "✓~", "⊘", "distinct"]
    assert lines[2:] == [
        ["LoRA · original", "free", "3", "2", "1", "0", "3"],
        ["Base model", "free", "3", "0", "0", "3", "-"],
        ["✓ fits", "✓~ repaired", "⊘ refused"],
    ]


def test_the_longest_names_fit_a_terminal_of_80_columns() -> None:
    counts = {one.replace(" ", "_").replace(",", ""): 10 for one in VERDICTS[:4]}
    rows = cell("claude(API)/augmented", 40, prompt="not-in-labor-force", **counts)
    assert ["Claude (API) · augmented", "not-in-labor-force", "40", *["10"] * 4, "40"] in printed(*rows)


def test_arms_that_differ_have_lines_of_their_own_in_plots(tmp_path: Path) -> None:
    shapes = {
        "tiny/none": "cross",
        "mistral/none": "triangle-right",
        "tiny+lora/original": "circle",
        "tiny+lora+constrained/original": "circle",
        "claude/augmented": "triangle-up",
        "claude(API)/augmented": "triangle-up",
    }
    numbers: dict[str, Any] = {"n": 1, "n_level": 1, "share_generated": 1.0, "share_reference": 0.5}
    where: dict[str, Any] = {"prompt": "free", "variable": "coat", "level": "black"}
    ends: dict[str, Any] = {"band_low": None, "band_high": None}
    rows = [DistributionRow(arm=arm, **where, **numbers, **ends) for arm in shapes]
    write_shares(tmp_path / "shares.csv", rows, "tiny")
    found = pd.read_csv(tmp_path / "shares.csv", keep_default_na=False)
    assert [*found["shape"]] == [*shapes.values()]
    assert [*found["dataset"]] == ["none", "none", "original", "original", "augmented", "augmented"]
    assert found["name"].is_unique
    assert [*found["name"][[0, 2]]] == ["Base model", "LoRA · original"]
