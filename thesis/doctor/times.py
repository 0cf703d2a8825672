"""How long the pipeline will take, as far as can be told beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from thesis.doctor.findings import Finding, ok, warning

Source: TypeAlias = Literal["run before", "measured", "committed run"]
SAID: dict[Source, str] = {
    "run before": "as it took here before",
    "measured": "from a small model timed just now",
    "committed run": "as the committed run took, perhaps on another computer",
}
LONG_SECONDS = 12 * 3600


@dataclass(frozen=True)
class Times:
    """Seconds of each stage that is known, and where they are from."""

    seconds: Mapping[str, float]
    sources: Mapping[str, Source]
    unmeasured: bool
    """Nothing was timed, because it was not to be."""


def merged(
    before: Mapping[str, float],
    measured: Mapping[str, float],
    committed: Mapping[str, float],
    unmeasured: bool,
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
    return Times(seconds, sources, unmeasured)


def judge(found: Times) -> list[Finding]:
    """One line for each source, and the sum."""
    if not found.seconds:
        why = "--no-measure" if found.unmeasured else "the base's shape is not known before it is fetched"
        return [ok(f"not estimated ({why}); training says what it expects before it begins")]
    lines = []
    for source in dict.fromkeys(found.sources.values()):
        stages = [f"{s} {_long(t)}" for s, t in found.seconds.items() if found.sources[s] == source]
        lines.append(ok(f"{', '.join(stages)}: {SAID[source]}"))
    total = sum(found.seconds.values())
    says = f"together about {_long(total)}: an estimate"
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
