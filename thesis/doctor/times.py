"""How long the pipeline will take, as far as that is known beforehand."""

import os
from collections.abc import Mapping
from typing import Literal, TypeAlias

import psutil

from stages.common.llm import metal
from stages.common.records import CONDITIONS
from stages.shell.current import seconds_before
from stages.shell.runs import RECORDED
from thesis.doctor import watchdog
from thesis.doctor.findings import Finding, ok, warning
from thesis.doctor.project import Project

Source: TypeAlias = Literal["run before", "measured", "committed run"]
SAID: dict[Source, str] = {
    "run before": "as it took here before",
    "measured": "from a small model timed just now",
    "committed run": "as the committed run took, perhaps on another computer",
}
Times: TypeAlias = Mapping[str, tuple[float, Source]]
"""Seconds by stage, and where they come from."""
LONG_SECONDS = 12 * 3600
HEAVY = (*(f"train_{condition}" for condition in CONDITIONS), "score", "generate")
"""The stages that need the base."""


def merged(by_source: Mapping[Source, Mapping[str, float]]) -> Times:
    """Seconds of each stage from the best source that knows it; the best source comes last."""
    return {stage: (value, source) for source, found in by_source.items() for stage, value in found.items()}


def check(project: Project) -> list[Finding]:
    busy = psutil.getloadavg()[0] / (os.cpu_count() or 1) > 1
    kind = project.device.type
    before = seconds_before(kind)
    wanted = metal.is_metal(kind) or not before.keys() >= {*HEAVY}  # macOS may end a pass that is too long
    stages, passes = {}, {}
    if wanted and not project.why_unmeasured:
        from thesis.doctor.measuring import measure

        measured = measure(project)
        stages, passes = measured.stages, measured.passes
    times = merged(
        {"committed run": seconds_before(kind, RECORDED), "measured": stages, "run before": before}
    )
    return [*judge(times, project.why_unmeasured, busy), *watchdog.judge(passes)]


def judge(found: Times, why: str = "", busy: bool = False) -> list[Finding]:
    """One line for each source, and the sum.

    Args:
        why: why nothing was timed; "" if something was.
        busy: other programs were at work while it was timed.
    """
    missing = [stage for stage in HEAVY if stage not in found]
    unknown = ok(f"not estimated ({why}): {', '.join(missing)}; training says what it expects as it begins")
    if not found:
        return [unknown]
    lines = [unknown] if missing else []
    sources = dict.fromkeys(source for _, source in found.values())
    for source in sources:
        stages = [f"{stage} {_long(seconds)}" for stage, (seconds, of) in found.items() if of == source]
        lines.append(ok(f"{', '.join(stages)}: {SAID[source]}"))
    if busy and "measured" in sources:
        says = "other programs keep this computer busy: without them it is faster"
        lines.append(warning(says, "Close them, and run thesis doctor again"))
    together = "these together" if missing else "together"
    total = sum(seconds for seconds, _ in found.values())
    says = f"{together} about {_long(total)}: an estimate"
    if total > LONG_SECONDS:
        remedy = "Lower train.common.steps or generate.draws, take a smaller base, or run it overnight"
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
