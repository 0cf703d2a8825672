"""The table that the stage prints: verdicts on every arm under every prompt."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console

from stages.common.tables.base import Rate, Row
from stages.common.tables.format import FunnelRow, ValidityRow
from stages.common.tables.variety import DiversityRow
from stages.common.verdicts import VERDICTS
from stages.evaluate.writing import summary

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
