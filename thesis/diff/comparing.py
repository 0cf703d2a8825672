"""Two runs, number by number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from thesis.diff.numbers import Number
from thesis.diff.rule import difference_interval, is_beyond
from thesis.diff.run import Run

Verdict: TypeAlias = Literal["same", "within noise", "beyond noise", "no interval", "only in one"]


@dataclass(frozen=True)
class Compared:
    """A number of two runs; None where a run lacks it."""

    a: Number | None
    b: Number | None
    verdict: Verdict
    reason: str = ""
    """Why there is no verdict on noise."""

    @property
    def any(self) -> Number:
        found = self.a or self.b
        if found is None:
            raise ValueError("a comparison of nothing")
        return found

    @property
    def difference(self) -> float | None:
        """b - a."""
        return self.b.value - self.a.value if self.a and self.b else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Interval of the difference; None where noise was not judged."""
        a, b = (one.estimate if one else None for one in (self.a, self.b))
        return difference_interval(a, b) if a and b and not self.reason else None


def compared(a: Run, b: Run) -> list[Compared]:
    """The headline and the declared contrasts of both runs."""
    return [*_paired(a.headline, b.headline), *_contrasts(a, b)]


def _contrasts(a: Run, b: Run) -> Iterator[Compared]:
    """Over trainings where both runs have a calibration of the contrast; otherwise over draws."""
    in_both = _by_key(a.calibrated).keys() & _by_key(b.calibrated).keys()
    sides = [
        [one for one in run.calibrated if one.key in in_both]
        + [one for one in run.drawn if one.key not in in_both]
        for run in (a, b)
    ]
    return _paired(*sides)


def _paired(a: Sequence[Number], b: Sequence[Number]) -> Iterator[Compared]:
    of_a, of_b = _by_key(a), _by_key(b)
    for key in dict.fromkeys([*of_a, *of_b]):
        yield compare(of_a.get(key), of_b.get(key))


def _by_key(numbers: Sequence[Number]) -> Mapping[tuple[str, ...], Number]:
    return {one.key: one for one in numbers}


def compare(a: Number | None, b: Number | None) -> Compared:
    """The verdict on one number of both runs."""
    if a is None or b is None:
        return Compared(a, b, "only in one")
    if a.value == b.value:
        return Compared(a, b, "same")
    if reason := _not_judged(a, b):
        return Compared(a, b, "no interval", reason)
    first, second = a.estimate, b.estimate
    if first is None or second is None:
        return Compared(a, b, "no interval", "the interval does not contain the value")
    return Compared(a, b, "beyond noise" if is_beyond(first, second) else "within noise")


def _not_judged(a: Number, b: Number) -> str:
    """Why their intervals cannot be put together; "" if they can."""
    if reason := a.reason or b.reason:
        return reason
    if a.confidence != b.confidence:
        return f"intervals of {_percent(a.confidence)} and {_percent(b.confidence)}"
    return "" if a.over == b.over else f"an interval over {a.over} and one over {b.over}"


def _percent(level: float | None) -> str:
    return "unknown confidence" if level is None else f"{level * 100:g} %"
