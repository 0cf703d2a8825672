"""How far apart are the two datasets themselves?"""

from collections.abc import Iterator, Sequence

from stages.common.levels import levels_of
from stages.common.records import CONDITIONS
from stages.common.tables.base import ALL, Row
from stages.common.tables.fidelity import DatasetRow
from stages.common.variation import total_variation
from stages.evaluate.cells import Cell, Study


def datasets(cells: Sequence[Cell], study: Study) -> Iterator[Row]:
    """Compare the training splits in every protected field."""
    original, augmented = (study.training[name] for name in CONDITIONS)
    for field in study.schema.by_role("protected"):
        levels = levels_of(field, [*original, *augmented])
        tv = total_variation(levels.shares(original), levels.shares(augmented))
        yield DatasetRow(arm=ALL, prompt=ALL, field=field.path, tv=tv)
