"""The one pure function of the stage."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from stages.common.evaluated import EvaluatedProfile
from stages.common.records import Written
from stages.common.tables.base import ALL, NotComputed, ReadRow, Row
from stages.common.tables.contrasts import ContrastRow
from stages.evaluate.cells import Cell, Study, by_arm, cells_of, counts_of
from stages.evaluate.conversations import without_independence
from stages.evaluate.families import OF_A_CELL, OF_THE_STUDY
from stages.evaluate.headline import headline, left_to_tables
from stages.evaluate.totals import totals
from stages.shell.errors import UserError


@dataclass(frozen=True)
class Evaluation:
    """All that the stage writes."""

    profiles: list[EvaluatedProfile]
    rows: list[Row]
    metrics: dict[str, dict[str, float]]


def evaluate(completions: Iterable[Written], study: Study) -> Evaluation:
    """Compute profiles, rows of all tables and headline numbers; the order of completions does not matter.

    Raises:
        UserError: if there are no completions, or they do not fit the asked prompts.
    """
    cells = cells_of(completions, study)
    if not cells:
        raise UserError("there are no completions to evaluate\nMake them: dvc repro generate")
    rows = [row for cell in cells for family in OF_A_CELL for row in family(cell, study)]
    rows += [row for family in OF_THE_STUDY for row in family(cells, study)]
    rows = [*_counted(without_independence(rows, cells), cells)]
    rows += totals(rows, study.params.confidence)
    rows += [*_unanswered(cells, study), *left_to_tables(rows)]
    profiles = [draw for cell in cells for draw in cell.draws]
    return Evaluation(profiles, rows, headline(rows, study.prompts))


def _counted(rows: Iterable[Row], cells: Sequence[Cell]) -> Iterator[Row]:
    """The rows, with how many draws they are about and how many of these could be read."""
    about = {(arm, ALL): counts_of(of_arm) for arm, of_arm in by_arm(cells).items()}
    about |= {cell.key: counts_of([cell]) for cell in cells}
    for row in rows:
        if isinstance(row, ReadRow) and row.n_drawn is None:
            n_drawn, n_readable = about[row.arm, row.prompt]
            yield replace(row, n_drawn=n_drawn, n_readable=n_readable)
        elif isinstance(row, ContrastRow):
            a, b = (about[arm, row.prompt][0] for arm in (row.arm_a, row.arm_b))
            yield replace(row, n_drawn_a=a, n_drawn_b=b)
        else:
            yield row


def _unanswered(cells: list[Cell], study: Study) -> list[Row]:
    answered = {cell.key for cell in cells}
    arms = dict.fromkeys(cell.arm for cell in cells)
    keys = [(arm, prompt.id) for arm in arms for prompt in study.prompts]
    return [
        NotComputed(arm=arm, prompt=prompt, table=ALL, reason="no completions")
        for arm, prompt in keys
        if (arm, prompt) not in answered
    ]
