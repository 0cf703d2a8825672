"""The one pure function of the stage."""

from collections.abc import Iterable
from dataclasses import dataclass

from stages.common.errors import UserError
from stages.common.evaluated import EvaluatedProfile
from stages.common.records import Written
from stages.evaluate.cells import Cell, Study, cells_of
from stages.evaluate.conversations import without_independence
from stages.evaluate.families import OF_A_CELL, OF_THE_STUDY
from stages.evaluate.headline import headline, left_to_tables
from stages.evaluate.rows import NotComputed, Row


@dataclass(frozen=True)
class Evaluation:
    """All that the stage writes."""

    profiles: list[EvaluatedProfile]
    rows: list[Row]
    metrics: dict[str, dict[str, float]]


def evaluate(completions: Iterable[Written], study: Study) -> Evaluation:
    """Profiles, rows of all tables and headline numbers; the order of completions is no matter.

    Raises:
        UserError: if there are no completions, or they do not fit the asked prompts.
    """
    cells = cells_of(completions, study)
    if not cells:
        raise UserError("there are no completions to evaluate\nMake them: dvc repro generate")
    rows = [row for cell in cells for family in OF_A_CELL for row in family(cell, study)]
    rows += [row for family in OF_THE_STUDY for row in family(cells, study)]
    rows = [*without_independence(rows, cells)]
    rows += [*_unanswered(cells, study), *left_to_tables(rows, study.prompts)]
    profiles = [draw for cell in cells for draw in cell.draws]
    return Evaluation(profiles, rows, headline(rows, study.prompts))


def _unanswered(cells: list[Cell], study: Study) -> list[Row]:
    answered = {cell.key for cell in cells}
    arms = dict.fromkeys(cell.arm for cell in cells)
    keys = [(arm, prompt.id) for arm in arms for prompt in study.prompts]
    return [NotComputed(*key, "all", "", "no completions") for key in keys if key not in answered]
