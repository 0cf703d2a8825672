"""Does an arm repeat itself, or training records? Distinct profiles, and word-for-word copies."""

from collections.abc import Iterator

import numpy as np
import scipy

from stages.common.comparison import reference_condition
from stages.common.fields import MISSING, canonical, get, put
from stages.common.records import Profile
from stages.common.schema import ProfileSchema
from stages.common.tables.base import Row
from stages.common.tables.variety import CopiesRow, DiversityRow
from stages.evaluate.arrays import Floats
from stages.evaluate.cells import Cell, Study


def diversity(cell: Cell, study: Study) -> Iterator[Row]:
    if not cell.profiles:
        yield cell.left_out("diversity", "no profile parsed")
        return
    whole = [canonical(profile) for profile in cell.profiles]
    bare = [facts(profile, study.schema) for profile in cell.profiles]
    n_distinct, n_facts = len({*whole}), len({*bare})
    yield DiversityRow(**cell.where, n=len(whole), n_distinct=n_distinct, n_distinct_facts=n_facts)


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


def vendi_scores(kernels: Floats, n: int | None = None) -> Floats:
    """The effective number of different profiles: from 1, all alike, to n, nothing in common.

    exp of the Shannon entropy of the eigenvalues of K / n (Friedman & Dieng 2023, TMLR,
    definition 3.1). If K is not positive semi-definite, negative eigenvalues are dropped
    and the others kept as they are, as in the authors' package `vendi-score`; such a score may
    leave [1, n]. Rounded, so that ties are ties.

    Args:
        kernels: similarities K, symmetric with ones on the diagonal: shape (..., n, n) gives (...).
        n: the trace of each kernel, if it is not its number of rows.

    >>> vendi_scores(np.array([[[1.0, 0.0], [0.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]]])).tolist()
    [2.0, 1.0]
    """
    # eigenvalues of 0 come out as tiny negatives
    shares = np.clip(np.linalg.eigvalsh(kernels), 0, None) / (n or kernels.shape[-1])
    found: Floats = np.round(np.exp(scipy.special.entr(shares).sum(axis=-1)), 9)
    return found


def facts(profile: Profile, schema: ProfileSchema) -> str:
    """The canonical text of a profile's fields, those of role text left out."""
    kept: Profile = {}
    for field in schema.by_role("protected", "attribute", "number"):
        value = get(profile, field.path)
        if value is not MISSING:
            put(kept, field.path, value)
    return canonical(kept)
