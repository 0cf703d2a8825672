"""What a reader must know before believing a comparison."""

from collections.abc import Iterator, Sequence

from stages.common.calibration import Calibration
from stages.common.phrases import many
from stages.common.shown import listed
from thesis.diff.comparing import Compared
from thesis.diff.run import Run
from thesis.diff.settings import Settings

RATES = ("share", "valid", "rules_broken", "copies")
"""Statistics of contrasts that are shares."""


def notes(a: Run, b: Run, settings: Settings, rows: Sequence[Compared]) -> list[str]:
    """Sentences under the table."""
    return [
        *_outdated(a),
        *_outdated(b),
        *_unexplained(settings, rows),
        *_without_interval(rows),
        *_seeds(a, b, settings),
        *_by_chance(rows),
    ]


def _outdated(run: Run) -> Iterator[str]:
    if run.outdated:
        yield (
            f"{run.revision.name}: params.yaml has changed since these numbers were made "
            f"({listed(run.outdated, 5)}); to make them anew: dvc repro"
        )


def _unexplained(settings: Settings, rows: Sequence[Compared]) -> Iterator[str]:
    if not settings.lines and any(one.verdict != "same" for one in rows):
        yield "Base, data, params and code are the same: only the machine or its packages can differ."


def _without_interval(rows: Sequence[Compared]) -> Iterator[str]:
    """Each reason once, with the numbers that it is about."""
    for reason in dict.fromkeys(one.reason for one in rows if one.reason):
        names = dict.fromkeys(one.any.name for one in rows if one.reason == reason)
        yield f"No interval: {reason} ({listed(names, 3)})."


def _seeds(a: Run, b: Run, settings: Settings) -> Iterator[str]:
    if settings.adapters:
        spread = _spread(b.calibration or a.calibration)
        yield (
            "The adapters differ. A verdict over draws or people is about these adapters: training again "
            f"with another seed alone moves the numbers too{spread}."
        )


def _spread(calibration: Calibration | None) -> str:
    """How far another seed moves one arm's shares."""
    found = [one.sd_runs for one in calibration.contrasts if one.statistic in RATES] if calibration else []
    if not found:
        return " (by how much: make calibrate)"
    ends = sorted({f"{one:.2f}" for one in (min(found), max(found))})
    return f" (the shares of the declared contrasts by a standard deviation of {' to '.join(ends)})"


def _by_chance(rows: Sequence[Compared]) -> Iterator[str]:
    """How many numbers chance alone puts beyond the limit."""
    judged = [one for one in rows if one.verdict in ("within noise", "beyond noise")]
    levels = {one.any.confidence for one in judged}
    level = levels.pop() if len(levels) == 1 else None
    if level is not None:
        n = len(judged)
        yield (
            f"Noise: 0 lies in the {level * 100:g} % interval of the difference. Chance alone puts about "
            f"{n * (1 - level):.1f} of {many(n, 'such number')} beyond it (docs/experiments.md)."
        )
