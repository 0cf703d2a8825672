"""Numbers of metrics/score.json, metrics/train_*.json and metrics/data.json."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stages.common.files import read_json
from stages.common.records import CONDITIONS
from thesis.diff.numbers import Number, flat, of_any_base
from thesis.diff.recorded import Recorded

SCORE, DATA = "metrics/score.json", "metrics/data.json"
TRAINING = [f"metrics/train_{condition}.json" for condition in CONDITIONS]
COUNTS = "n_"
"""Beginning of the names of counts."""


def loss_numbers(folder: Path, recorded: Recorded) -> Iterator[Number]:
    """Mean losses on held-out people, with their interval; names have `<base>` for the base."""
    level = recorded.params.get("score.confidence")
    for split, by_data in _read(folder / SCORE).items():
        for data, by_arm in by_data.items():
            for arm, found in by_arm.items():
                name = f"{split}.{data}.{of_any_base(arm, recorded.base)}"
                ends: dict[str, Any] = {"low": found.get("low"), "high": found.get("high")}
                yield Number(
                    group="losses",
                    file=SCORE,
                    name=name,
                    value=found["loss"],
                    **ends,
                    confidence=level,
                    n=found["n"],
                    over="people",
                    reason="" if ends["low"] is not None else "too few people",
                )


def training_numbers(folder: Path) -> Iterator[Number]:
    """Losses of one training, which have no interval, and counts, which need none."""
    for file in TRAINING:
        for name, value in flat(_read(folder / file)):
            is_exact = name.startswith(COUNTS)
            reason = "" if is_exact else "one training, without an interval"
            yield Number(
                group="training", file=file, name=name, value=value, is_exact=is_exact, reason=reason
            )


def data_numbers(folder: Path) -> Iterator[Number]:
    """Facts about the files: no sampling error."""
    for name, value in flat(_read(folder / DATA)):
        yield Number(group="data", file=DATA, name=name, value=value, is_exact=True)


def _read(path: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = read_json(path) if path.exists() else {}
    return found
