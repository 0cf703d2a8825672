"""How alike two profiles are, over fields of mixed types and words of texts: a kernel."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from stages.common.fields import get
from stages.common.levels import label
from stages.common.records import Profile
from stages.common.schema import ProfileSchema
from stages.evaluate.arrays import Floats
from stages.evaluate.values.content import compared
from stages.evaluate.values.distance import distances


def similarities(profiles: Sequence[Profile], schema: ProfileSchema, ranges: Mapping[str, float]) -> Floats:
    """The mean over the compared fields: 1 - Gower's distance, for text the Jaccard index of its words.

    Each part is a positive semi-definite kernel, so their mean is one: equality; the triangle
    max(0, 1 - |a - b| / range); shared / all words (Gower 1971; Bouchard et al. 2013).

    Returns:
        shape (n, n), symmetric, in [0, 1], with ones on the diagonal; profiles must be whole.
    """
    fields = compared(schema, texts=True)
    texts = [field.path for field in fields if field.role == "text"]
    n_others = len(fields) - len(texts)
    total = n_others * (1 - distances(profiles, schema, ranges)) if n_others else 0.0
    for path in texts:
        total = total + jaccard([words_of(get(profile, path)) for profile in profiles])
    return np.round(total / len(fields), 12)


def words_of(value: Any) -> frozenset[str]:
    """The words of a text in lower case; what is no text, or missing, is one word of its own.

    >>> sorted(words_of("Has work, has none."))
    ['has', 'none', 'work']
    """
    return frozenset(re.findall(r"\w+", value.lower()) if isinstance(value, str) else [label(value)])


def jaccard(sets: Sequence[frozenset[str]]) -> Floats:
    """Shared / all words of every pair: shape (n, n); two empty sets are equal, 1."""
    place = {word: i for i, word in enumerate(sorted(frozenset().union(*sets)))}
    has = np.zeros((len(sets), len(place)))
    for row, words in zip(has, sets, strict=True):
        row[[place[word] for word in words]] = 1
    shared, sizes = has @ has.T, has.sum(axis=1)
    union = sizes[:, None] + sizes - shared
    found: Floats = np.divide(shared, union, out=np.ones_like(shared), where=union > 0)
    return found
