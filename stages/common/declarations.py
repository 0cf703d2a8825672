"""metrics/declared.json: when each contrast was first declared, and when the first draws were made.

`make declared` reads both from the git history. A contrast whose declaration differs from its record here
counts as not recorded, so a date never passes from one question to another.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

from stages.common.files import read_json
from stages.common.made_with import ContrastFacts
from stages.common.records import Record

DECLARED = Path("metrics/declared.json")

When: TypeAlias = Literal["before", "after", "unknown"]


class Declared(Record):
    """A contrast as params.yaml declares it, and when it was first declared."""

    definition: dict[str, Any]
    at: datetime
    commit: str
    """The first commit that has it; "" if it was written by hand."""


class FirstDraws(Record):
    """The first completions that were made with this raw data."""

    at: datetime
    commit: str
    """The first commit that names them in dvc.lock; "" if there is none yet."""
    raw_md5: dict[str, str]
    """md5 of each raw file, by path."""


class Declarations(Record):
    first_draws: FirstDraws | None
    """None if nothing was drawn yet."""
    contrasts: tuple[Declared, ...]

    def of(self, contrast: ContrastFacts) -> Declared | None:
        """The record of exactly this contrast; None if there is none."""
        return next((one for one in self.contrasts if one.definition == definition_of(contrast)), None)

    def when(self, contrast: ContrastFacts) -> When:
        """Whether the contrast was declared before the first draws; the same moment counts as after."""
        found = self.of(contrast)
        if found is None:
            return "unknown"
        return "before" if self.first_draws is None or found.at < self.first_draws.at else "after"


def definition_of(contrast: ContrastFacts) -> dict[str, Any]:
    """A contrast as JSON, without the keys that it does not have."""
    return contrast.model_dump(mode="json", exclude_none=True)


def load_declarations(path: Path = DECLARED) -> Declarations:
    return Declarations.model_validate(read_json(path))


def dates(found: Sequence[datetime]) -> str:
    """The days from the first to the last.

    >>> dates([datetime(2026, 11, 25, 9), datetime(2026, 11, 25, 7)])
    '2026-11-25'
    """
    days = sorted({one.date().isoformat() for one in found})
    return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
