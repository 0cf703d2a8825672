"""How long the pipeline will take, as far as can be told beforehand."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import psutil

from stages.common.records import CONDITIONS
from thesis.doctor import runs
from thesis.doctor.findings import Finding, ok, warning

if TYPE_CHECKING:
    from thesis.doctor.study import Study

Source: TypeAlias = Literal["run before", "measured", "committed run"]
SAID: dict[Source, str] = {
    "run before": "as it took here before",
    "measured": "from a small model timed just now",
    "committed run": "as the committed run took, perhaps on another computer",
}
LONG_SECONDS = 12 * 3600
HEAVY = (*(f"train_{condition}" for condition in CONDITIONS), "score", "generate")
"""The stages that need the base."""


@dataclass(frozen=True)
class Circumstances:
    """What else there is to say of times."""

    why_unmeasured: str
    """Why nothing was timed; "" if something was."""
    busy: bool
    """Other programs were at work while it was timed."""


@dataclass(frozen=True)
class Times:
    """Seconds of each stage that is known, and where they are from."""

    seconds: Mapping[str, float]
    sources: Mapping[str, Source]
    circumstances: Circumstances


def merged(
    before: Mapping[str, float],
    measured: Mapping[str, float],
    committed: Mapping[str, float],
    circumstances: Circumstances,
) -> Times:
    """Each stage from the best source there is."""
    seconds: dict[str, float] = {}
    sources: dict[str, Source] = {}
    by_source: dict[Source, Mapping[str, float]] = {
        "committed run": committed,
        "measured": measured,
        "run before": before,
    }
    for source, found in by_source.items():
        seconds |= found
        sources |= dict.fromkeys(found, source)
    return Times(seconds, sources, circumstances)


def check(study: "Study") -> list[Finding]:
    busy = psutil.getloadavg()[0] / (os.cpu_count() or 1) > 1
    kind = study.device.type
    before = runs.seconds_before(kind)
    wanted = not study.why_unmeasured and not before.keys() >= {*HEAVY}
    measured = _measured(study) if wanted else {}
    return judge(merged(before, measured, runs.committed(kind), Circumstances(study.why_unmeasured, busy)))


def judge(found: Times) -> list[Finding]:
    """One line for each source, and the sum."""
    missing = [stage for stage in HEAVY if stage not in found.seconds]
    why = found.circumstances.why_unmeasured
    unknown = ok(f"not estimated ({why}): {', '.join(missing)}; training says what it expects as it begins")
    if not found.seconds:
        return [unknown]
    lines = [unknown] if missing else []
    for source in dict.fromkeys(found.sources.values()):
        stages = [f"{s} {_long(t)}" for s, t in found.seconds.items() if found.sources[s] == source]
        lines.append(ok(f"{', '.join(stages)}: {SAID[source]}"))
    if found.circumstances.busy and "measured" in found.sources.values():
        busy = "other programs keep this computer busy: without them it is faster"
        lines.append(warning(busy, "Close them, and run thesis doctor again"))
    together = "these together" if missing else "together"
    total = sum(found.seconds.values())
    says = f"{together} about {_long(total)}: an estimate"
    if total > LONG_SECONDS:
        remedy = "Lower train.common.steps or generate.draws, take a smaller base, or run it over night"
        return [*lines, warning(says, remedy)]
    return [*lines, ok(says)]


def _long(seconds: float) -> str:
    """A time as people say it.

    >>> _long(20), _long(301), _long(9000)
    ('20 s', '5 min', '2.5 h')
    """
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _measured(study: "Study") -> dict[str, float]:
    from thesis.doctor.measuring import Amounts, measure

    found = measure(study, Amounts.of(study))
    trained = {f"train_{condition}": found.train for condition in CONDITIONS}
    return {**trained, "score": found.score, "generate": found.generate}
