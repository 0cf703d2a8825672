"""Numbers of a training that was done again, against those on record."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from thesis.verify.findings import Finding
from thesis.verify.replay.receipts import listed


def judged_metrics(
    stage: str, file: str, recorded: Mapping[str, Any], again: Mapping[str, Any], tolerance: float
) -> Finding:
    """One line about all numbers of a file.

    Args:
        tolerance: of losses, relative to a number above 1; whole numbers, which count, must be equal.
    """
    before, after = dict(numbers(recorded)), dict(numbers(again))
    wrong = [f"{key} is in one only" for key in sorted(before.keys() ^ after.keys())]
    sizes = {
        key: abs(before[key] - after[key]) / max(1, abs(before[key])) for key in before.keys() & after.keys()
    }
    for key, size in sorted(sizes.items()):
        allowed = 0 if isinstance(before[key], int) else tolerance
        wrong += [f"{key}: {before[key]:.8g}, not {after[key]:.8g}"] * (not size <= allowed)
    most = max(sizes.values(), default=0.0)
    got = listed(wrong) if wrong else f"{len(sizes)} numbers, which differ by at most {most:.2g}"
    seen = {"largest_difference": most, "tolerance": tolerance}
    return Finding(stage, file, f"equal, losses within {tolerance:.2g}", got, not wrong, seen=seen)


def numbers(metrics: Mapping[str, Any], above: Sequence[str] = ()) -> Iterator[tuple[str, float]]:
    """Every number of nested metrics, by dotted path.

    >>> dict(numbers({"loss": {"best": 0.5}, "n": 3}))
    {'loss.best': 0.5, 'n': 3}
    """
    for key, value in metrics.items():
        if isinstance(value, Mapping):
            yield from numbers(value, (*above, key))
        else:
            yield ".".join((*above, key)), value
