"""Does an arm repeat itself? Distinct profiles among those parsed."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import entr

from stages.common.fields import MISSING, canonical, get, put
from stages.common.records import Profile
from stages.common.schema import ProfileSchema
from stages.common.tables.base import NotComputed, Row
from stages.common.tables.variety import DiversityRow
from stages.evaluate.arrays import Floats
from stages.evaluate.cells import Cell, Study


def diversity(cell: Cell, study: Study) -> Iterator[Row]:
    if not cell.profiles:
        yield NotComputed(**cell.where, table="diversity", reason="no profile parsed")
        return
    whole = [canonical(profile) for profile in cell.profiles]
    bare = [facts(profile, study.schema) for profile in cell.profiles]
    n_distinct, n_facts = len({*whole}), len({*bare})
    yield DiversityRow(**cell.where, n=len(whole), n_distinct=n_distinct, n_distinct_facts=n_facts)


def vendi_score(similarity: ArrayLike) -> float:
    """The effective number of different profiles: from 1, all alike, to n, nothing in common.

    exp of the Shannon entropy of the eigenvalues of K / n (Friedman & Dieng 2023, TMLR,
    definition 3.1). If K is not positive semi-definite, negative eigenvalues are dropped
    and the others kept as they are, as in the authors' package `vendi-score`; such a score may
    leave [1, n].

    Args:
        similarity: K, shape (n, n), symmetric with ones on the diagonal.

    Raises:
        ValueError: if it is not such a matrix.

    >>> vendi_score([[1, 0], [0, 1]]), vendi_score([[1, 1], [1, 1]])
    (2.0, 1.0)
    """
    kernel = np.asarray(similarity, float)
    if kernel.ndim != 2 or kernel.shape[0] != kernel.shape[1] or not kernel.size:
        raise ValueError(f"shape {kernel.shape} is not square")
    if not np.allclose(kernel, kernel.T) or not np.allclose(np.diag(kernel), 1):
        raise ValueError("not a similarity: it must be symmetric with ones on the diagonal")
    return float(vendi_scores(kernel))


def vendi_scores(kernels: Floats, n: int | None = None) -> Floats:
    """Vendi scores of many kernels, unchecked: shape (..., n, n) gives (...). Rounded, so that ties are ties.

    Args:
        n: the trace of each kernel, if it is not its number of rows.
    """
    # eigenvalues of 0 come out as tiny negatives
    shares = np.clip(np.linalg.eigvalsh(kernels), 0, None) / (n or kernels.shape[-1])
    found: Floats = np.round(np.exp(entr(shares).sum(axis=-1)), 9)
    return found


def facts(profile: Profile, schema: ProfileSchema) -> str:
    """The canonical text of a profile's fields, those of role text left out."""
    kept: Profile = {}
    for field in schema.by_role("protected", "attribute", "number"):
        value = get(profile, field.path)
        if value is not MISSING:
            put(kept, field.path, value)
    return canonical(kept)
