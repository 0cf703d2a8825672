"""A comparison as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from thesis.diff.comparing import Compared
from thesis.diff.numbers import Number
from thesis.diff.run import Run
from thesis.diff.settings import Settings


def as_json(
    a: Run, b: Run, settings: Settings, rows: Sequence[Compared], notes: Sequence[str]
) -> dict[str, Any]:
    """The same for scripts: every number, whether shown or not."""
    return {
        "a": _revision(a),
        "b": _revision(b),
        "differing": asdict(settings),
        "numbers": [*map(_row, rows)],
        "notes": [*notes],
    }


def _revision(run: Run) -> dict[str, Any]:
    return {**asdict(run.revision), "base": run.recorded.base, "outdated_params": [*run.outdated]}


def _row(row: Compared) -> dict[str, Any]:
    number = row.any
    where: dict[str, Any] = {"group": number.group, "name": number.name}
    where |= {"question": [*number.question]} if number.question else {}
    return {
        **where,
        "a": _side(row.a),
        "b": _side(row.b),
        "difference": row.difference,
        "interval": row.interval,
        "verdict": row.verdict,
        "reason": row.reason,
    }


def _side(number: Number | None) -> dict[str, Any] | None:
    if number is None:
        return None
    keys = ("file", "value", "low", "high", "confidence", "n", "over")
    return {key: getattr(number, key) for key in keys}
