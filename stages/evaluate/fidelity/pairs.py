"""Which pairs of fields are compared: all of a few fields; of many, those that a study of bias is about."""

from collections.abc import Sequence
from itertools import combinations

from stages.evaluate.values.coding import Coded

MOST_PAIRS = 500
"""Of 33 fields 528: the pairs of 124 fields would be 7,626 rows for every arm and prompt."""


def pairs_of(fields: Sequence[Coded]) -> tuple[list[tuple[Coded, Coded]], int]:
    """Pairs in the order of the fields; how many are left out: of too many, those of no protected one."""
    pairs = [*combinations(fields, 2)]
    if len(pairs) <= MOST_PAIRS:
        return pairs, 0
    kept = [pair for pair in pairs if "protected" in {one.field.role for one in pair}]
    return kept, len(pairs) - len(kept)
