"""Does an arm repeat itself? Distinct profiles among those parsed."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from stages.common.fields import MISSING, canonical, get, put
from stages.common.records import Profile
from stages.common.schema import ProfileSchema
from stages.evaluate.cells import Cell, Study
from stages.evaluate.rows import NotComputed, Row


@dataclass(frozen=True)
class DiversityRow(Row):
    """diversity.csv; n = profiles parsed."""

    n: int
    n_distinct: int
    n_distinct_facts: int
    """Text fields left out."""


def diversity(cell: Cell, study: Study) -> Iterator[Row]:
    if not cell.profiles:
        yield NotComputed(*cell.key, "diversity", "", "no profile parsed")
        return
    whole = [canonical(profile) for profile in cell.profiles]
    bare = [facts(profile, study.schema) for profile in cell.profiles]
    yield DiversityRow(*cell.key, len(whole), distinct_k(whole), distinct_k(bare))


def distinct_k(partition: Sequence[Hashable]) -> int:
    """The number of distinct class labels among the draws.

    >>> distinct_k(["a", "b", "a"])
    2
    """
    return len(set(partition))


def facts(profile: Profile, schema: ProfileSchema) -> str:
    """The canonical text of a profile's fields, those of role text left out."""
    kept: Profile = {}
    for field in schema.by_role("protected", "attribute", "number"):
        value = get(profile, field.path)
        if value is not MISSING:
            put(kept, field.path, value)
    return canonical(kept)
