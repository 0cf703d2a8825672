"""Whether the contrasts were declared before anyone looked: what is recorded, and no more."""

from collections.abc import Iterator, Sequence

from stages.common.declarations import DECLARED, Declarations, dates
from stages.common.made_with import ContrastFacts
from stages.common.phrases import many
from stages.report.inputs import Inputs
from stages.report.numbers import listed


def when_declared(inputs: Inputs) -> Iterator[str]:
    """A sentence for those declared before the first draws, after them, and without a record."""
    record, asked = inputs.declarations, inputs.asked_contrasts
    before, after, unknown = (
        [one for one in asked if record.when(one) == when] for when in ("before", "after", "unknown")
    )
    if before:
        yield (
            f"{_these(before, asked)} declared ({_since(before, record)}) before the first draws"
            f"{_drawn(record)}."
        )
    if after:
        yield (
            f"{_these(after, asked)} declared ({_since(after, record)}) after the first draws"
            f"{_drawn(record)}: chosen after a first look, so a small p is weaker evidence than that of a "
            "question asked beforehand."
        )
    if unknown:
        yield (
            f"{DECLARED} does not record since when {listed([one.id for one in unknown])} "
            f"{'is' if len(unknown) == 1 else 'are'} declared as now, so nothing says that it was before "
            "looking."
        )


def _these(some: Sequence[ContrastFacts], asked: Sequence[ContrastFacts]) -> str:
    if len(some) == len(asked):
        return f"All {many(len(asked), 'contrast')} were" if len(asked) > 1 else "The contrast was"
    return f"{listed([one.id for one in some])} {'was' if len(some) == 1 else 'were'}"


def _since(some: Sequence[ContrastFacts], record: Declarations) -> str:
    return dates([found.at for one in some if (found := record.of(one))])


def _drawn(record: Declarations) -> str:
    return f" ({dates([record.first_draws.at])})" if record.first_draws else ""
