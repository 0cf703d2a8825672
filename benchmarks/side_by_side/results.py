"""What was measured: lines of sides, each with its runs; ratios of ours to each peer."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any, Literal

OURS = "ours"
Run = dict[str, float]
"""One run of a side: `value` in the line's unit, and what else was measured."""


@dataclass
class Line:
    """A work, done by several sides in turns."""

    name: str
    title: str
    unit: Literal["tokens/s", "s"]
    """More tokens per second are better, and fewer seconds."""
    runs: dict[str, list[Run]] = field(default_factory=dict)
    """By side; runs with the same place were made after each other."""
    required: dict[str, float] = field(default_factory=dict)
    """By peer: what `ratio` must be at least (tokens/s) or at most (s)."""
    missing: dict[str, str] = field(default_factory=dict)
    """Peers that could not be measured, with the reason."""
    notes: dict[str, str] = field(default_factory=dict)
    """By side: what a reader must know about its work."""
    machine: dict[str, Any] = field(default_factory=dict)
    """Machine, versions and commit of the run that measured it."""
    limits: dict[str, float] = field(default_factory=dict)
    """The machine's limits, measured in the same run."""

    @property
    def key(self) -> tuple[str, str]:
        """The work and the processor: a later run on the same one takes the line's place."""
        return self.name, self.machine["processor"]

    def value(self, side: str, key: str = "value") -> float:
        """The median of a side's runs."""
        return median(run[key] for run in self.runs[side])

    def ratio(self, peer: str, key: str = "value") -> float:
        """Ours to the peer's: the median over turns."""
        pairs = zip(self.runs[OURS], self.runs[peer], strict=False)  # a slow peer may have fewer turns
        return median(ours[key] / theirs[key] for ours, theirs in pairs)

    def is_met(self, peer: str) -> bool | None:
        """Whether the ratio is as required; None if nothing is, or one of the two was not measured."""
        if peer not in self.required or not {OURS, peer} <= self.runs.keys():
            return None
        ratio, bound = self.ratio(peer), self.required[peer]
        return ratio >= bound if self.unit == "tokens/s" else ratio <= bound


def as_json(lines: Sequence[Line]) -> dict[str, Any]:
    return {"lines": [asdict(line) for line in lines]}


def lines_of(found: Mapping[str, Any]) -> list[Line]:
    return [Line(**line) for line in found["lines"]]
