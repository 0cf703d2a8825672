"""Which arms are compared without being asked: the tuned ones, under the same prompt."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from stages.common.comparison import is_tuned
from stages.common.records import CONDITIONS
from stages.evaluate.cells import Cell


def tuned_pairs(cells: Sequence[Cell]) -> Iterator[tuple[Cell, Cell]]:
    """Every two tuned arms under a prompt; the original condition comes first."""
    tuned = sorted(
        (cell for cell in cells if is_tuned(cell.arm)),
        key=lambda one: ("none", *CONDITIONS).index(one.condition),
    )
    for a, b in combinations(tuned, 2):
        if a.prompt.id == b.prompt.id:
            yield a, b
