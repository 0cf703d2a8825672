"""Does an arm recite? Profiles that are, word for word, a training record."""

from collections.abc import Iterator
from dataclasses import dataclass

from stages.common.comparison import reference_condition
from stages.common.fields import canonical
from stages.evaluate.cells import Cell, Study
from stages.evaluate.rows import NotComputed, ReadRow, Row
from stages.evaluate.variety.diversity import facts


@dataclass(frozen=True)
class CopiesRow(ReadRow):
    """copies.csv; n = profiles parsed."""

    n: int
    n_copies: int
    n_copies_facts: int
    """Text fields left out; chance alone makes some, the more the fewer fields there are."""
    n_training: int
    """Training records compared with."""


def copies(cell: Cell, study: Study) -> Iterator[Row]:
    """Against the training records of the arm's condition; of the original if it was shown none."""
    if not cell.profiles:
        yield NotComputed(*cell.key, "copies", "", "no profile parsed")
        return
    records = study.training[reference_condition(cell.condition)]
    whole = {canonical(record) for record in records}
    bare = {facts(record, study.schema) for record in records}
    n_copies = sum(canonical(profile) in whole for profile in cell.profiles)
    n_facts = sum(facts(profile, study.schema) in bare for profile in cell.profiles)
    yield CopiesRow(*cell.key, len(cell.profiles), n_copies, n_facts, len(records))
