"""The findings as a table, and as JSON."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stages.common.phrases import many
from stages.common.shown import json_shown, visible
from thesis.importing.cells import Cell, cells, differences
from thesis.importing.findings import Answer, Findings
from thesis.importing.recognising import NEAR, Expected
from thesis.importing.remarks import remarks

MAX_NEAR = 10


def show(found: Findings, expected: Sequence[Expected], product: str, exact_only: bool) -> None:
    """Print the table and what is said beside it: of the export, typed prompts and model labels alone."""
    console = Console(markup=False, highlight=False, emoji=False)
    rows = cells(found, expected, exact_only)
    console.print(_table(rows, product))
    for line in _lines(found, exact_only):
        console.print(Text(visible(line)))


def as_json(
    found: Findings,
    expected: Sequence[Expected],
    exact_only: bool,
    export_sha256: str,
    written: Sequence[Path],
) -> str:
    """The same for a script."""
    rows = cells(found, expected, exact_only)
    value: dict[str, Any] = {
        "export_sha256": export_sha256,
        "found": [{**vars(row), "near": list(row.near)} for row in rows],
        "models": dict(_models(found.new(exact_only))),
        "left": dict(found.left),
        "remarks": remarks(found.new(exact_only)),
        "unknown": dict(found.unknown),
        "other_messages": _n_other(found),
        "conversations": len(found.conversations),
        "written": [path.as_posix() for path in written],
    }
    return json_shown(value)


def _table(rows: Sequence[Cell], product: str) -> Table:
    table = Table(title=f"Answers of {product}, by prompt and condition", title_justify="left")
    for name in ("prompt", "condition"):
        table.add_column(name)
    for name in ("exact", "near", "scores", "there already", "to write"):
        table.add_column(name, justify="right")
    for row in rows:
        scores = "–".join(dict.fromkeys(f"{score:.1f}" for score in row.near[:1] + row.near[-1:]))
        counts = (str(n) if n else "·" for n in (row.exact, len(row.near)))
        table.add_row(row.prompt_id, row.condition, *counts, scores, str(row.known), str(row.new))
    return table


def _lines(found: Findings, exact_only: bool) -> list[str]:
    new = found.new(exact_only)
    lines = [f"Model labels: {label} ({n})" for label, n in _models(new).most_common()]
    near = [one for one in found.answers if not one.match.exact]
    if near:
        lines.append(
            f"Near: typed with changes (score of 100, at least {NEAR:.0f}). Expected (-) and typed (+):"
        )
        lines += [f"  {_near(one)}" for one in near[:MAX_NEAR]]
        lines += [f"  … and {len(near) - MAX_NEAR} more"] * (len(near) > MAX_NEAR)
    lines += [f"Look at {remark}" for remark in remarks(new)]
    lines += not_taken(found)
    if not found.answers and found.n_prompts:
        n = many(found.n_prompts, "prompt")
        lines.append(f"{n} of data/prompts.yaml found, but no answer that can be taken: see above.")
    elif not found.answers:
        lines.append("No prompt of data/prompts.yaml is in it. Were the texts of `thesis prompts` pasted?")
    n_other, n_all = _n_other(found), len(found.conversations)
    there = f"{many(n_other, 'message')} of yours, {many(n_all, 'conversation')} in all"
    lines.append(f"Nothing else leaves the export: {there}.")
    return lines


def not_taken(found: Findings) -> list[str]:
    """What is left in the export, by reason, and the kinds of messages that are not known."""
    unknown = [f"Not known, {n}: {kind}" for kind, n in found.unknown.most_common()]
    return [*(f"Not taken, {n}: {reason}" for reason, n in found.left.items()), *unknown]


def _near(answer: Answer) -> str:
    expected = answer.match.expected
    return f"{answer.match.score:.1f} {expected.prompt_id} {expected.condition}: {differences(answer.match)}"


def _models(answers: Sequence[Answer]) -> Counter[str]:
    """Labels without control characters."""
    shown = (one.turn.model or "not shown" for one in answers)
    return Counter("".join(c for c in label if c.isprintable())[:100] for label in shown)


def _n_other(found: Findings) -> int:
    return found.n_messages - len(found.answers)
