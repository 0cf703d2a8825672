"""One question of the study on one screen: the finding, its picture, its numbers, its limits."""

from collections.abc import Callable
from dataclasses import dataclass, field

from stages.report.caveats import Said, short_caveat
from stages.report.inputs import Inputs


@dataclass(frozen=True)
class Screen:
    """A question, and what the page shows for it."""

    id: str
    question: str
    headline: str
    """The finding in one sentence without its period."""
    sentences: list[Said] = field(default_factory=list)
    """What supports the headline; `[words](key)` links to where a number comes from."""
    pictures: tuple[str, ...] = ()
    """Names of figures; one that ends in "-" stands for a figure per prompt."""
    tables: tuple[str, ...] = ()
    """Names of tables, as of figures."""
    limits: list[str] = field(default_factory=list)
    """What the numbers cannot say."""


Maker = Callable[[Inputs], Screen]


def limits(inputs: Inputs, *sentences: str) -> list[str]:
    """The sentences, and the caveat about one training per dataset where it applies."""
    return [one for one in (*sentences, short_caveat(inputs)) if one]
