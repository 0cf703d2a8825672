"""Does an arm recite? Profiles that are, word for word, a training record."""

from collections.abc import Iterator

from stages.common.comparison import reference_condition
from stages.common.fields import canonical
from stages.common.tables.base import Row
from stages.common.tables.variety import CopiesRow
from stages.evaluate.cells import Cell, Study
from stages.evaluate.variety.diversity import facts


def copies(cell: Cell, study: Study) -> Iterator[Row]:
    """Compare with the training records of the arm's condition; of the original if it was shown none."""
    if not cell.profiles:
        yield cell.left_out("copies", "no profile parsed")
        return
    records = study.training[reference_condition(cell.condition)]
    whole = {canonical(record) for record in records}
    bare = {facts(record, study.schema) for record in records}
    n_copies = sum(canonical(profile) in whole for profile in cell.profiles)
    n_facts = sum(facts(profile, study.schema) in bare for profile in cell.profiles)
    yield CopiesRow(
        **cell.where,
        n=len(cell.profiles),
        n_copies=n_copies,
        n_copies_facts=n_facts,
        n_training=len(records),
    )
