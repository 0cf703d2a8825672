"""One training per dataset: said wherever trained arms of two datasets are compared; "found" is not."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from matplotlib.style import context

from stages.common.declarations import Declarations, Declared, FirstDraws, definition_of
from stages.common.made_with import ContrastFacts
from stages.report.caveats import BRIEF, standing
from stages.report.declared import contrasts_screen, when_declared
from stages.report.figures.registry import all_drawings
from stages.report.inputs import Inputs, load_inputs
from stages.report.screens import screens
from stages.report.style import STYLE
from stages.report.tables.contrasts import contrasts
from stages.report.tables.registry import all_tables
from tests.common.test_calibration import ASKED
from tests.evaluate.fakes import cat, draws
from tests.report import test_answers
from tests.report.study import TUNED, completions, with_tables, write_study
from tests.report.test_answers import CALIBRATED as STANDS
from tests.report.test_answers import calibration

OTHER = "tiny+lora/augmented"
CONTRAST = replace(test_answers.CONTRAST, arm_a=TUNED, arm_b=OTHER)
SHOWN = replace(CONTRAST, arm_a="tiny+shots/original", arm_b=TUNED, primary=False)


@pytest.fixture
def inputs(cats: Path) -> Inputs:
    """Inputs with completions of both trained arms."""
    write_study(cats, [*completions(), *draws(cat(), cat(coat="white"), cat(mice=7), arm=OTHER)])
    return load_inputs()


@pytest.fixture
def alone(cats: Path) -> Inputs:
    """Inputs with one trained arm, which has nothing to be compared with."""
    return load_inputs()


def test_it_stands_under_every_table_that_shows_both(inputs: Inputs) -> None:
    found = {table.name: table for table in all_tables(inputs)}
    for table in found.values():
        words = {
            *(column.title for column in table.columns),
            *(cell.text for row in table.rows for cell in row),
        }
        both = {inputs.name(TUNED), inputs.name(OTHER)} <= words and table.name not in ("gaps", "names")
        assert (BRIEF in table.note) == both, table.name
    assert {"arms", "fidelity-any-cat", "exploratory"} <= {
        name for name, table in found.items() if BRIEF in table.note
    }


def test_it_stands_under_every_figure(inputs: Inputs) -> None:
    with context(["default", STYLE]):
        assert all(BRIEF in drawing.caption for drawing in all_drawings(inputs))


def test_one_trained_arm_alone_needs_no_caveat(alone: Inputs) -> None:
    assert not [table.name for table in all_tables(alone) if BRIEF in table.note]
    with context(["default", STYLE]):
        assert not [one for one in all_drawings(alone) if BRIEF in one.caption]


def test_it_stands_on_every_screen_that_compares_draws(inputs: Inputs) -> None:
    for screen in screens(inputs, {table.name for table in all_tables(inputs)}):
        assert (BRIEF in screen.limits) == (screen.id != "augmentation"), screen.id


def test_without_calibration_nothing_is_found_between_datasets(inputs: Inputs) -> None:
    found = with_tables(inputs, contrasts=[CONTRAST, SHOWN])
    [points, primary] = contrasts_screen(found).sentences
    assert points[0].endswith("(p after Holm .010): these two adapters differ.")
    assert points[1].endswith("(p after Holm .010): found.")
    assert "found" not in primary
    table = next(contrasts(found))
    cells = [row[-2].quiet for row in table.rows]
    assert cells == ["these two adapters differ", "found"]


@pytest.mark.parametrize("verdict", ["stands", "undecided", "does not stand"])
def test_a_calibrated_contrast_is_shown_with_its_verdict(inputs: Inputs, verdict: str) -> None:
    one = STANDS.model_copy(update={"arm_a": TUNED, "arm_b": OTHER, "verdict": verdict})
    found = replace(with_tables(inputs, contrasts=[CONTRAST]), calibration=calibration(one))
    assert standing(CONTRAST, found) == f"these two adapters differ; over 6 trainings: {verdict}"
    assert f"over 6 trainings: {verdict}." in str(contrasts_screen(found).sentences)


def test_only_what_was_declared_before_looking_is_called_so(inputs: Inputs) -> None:
    early, late, unknown = (ContrastFacts.model_validate({**ASKED, "id": name}) for name in ("a", "b", "c"))
    record = Declarations(
        first_draws=FirstDraws(at=datetime(2026, 11, 23, tzinfo=UTC), commit="", raw_md5={}),
        contrasts=tuple(
            Declared(definition=definition_of(one), at=datetime(2026, 11, day, tzinfo=UTC), commit="")
            for one, day in ((early, 22), (late, 25))
        ),
    )

    def said(*asked: ContrastFacts) -> str:
        return " ".join(when_declared(replace(inputs, declarations=record, asked_contrasts=asked)))

    assert said(early) == ("The contrast was declared (2026-11-22) before the first draws (2026-11-23).")
    assert said(late, late).startswith(
        "All 2 contrasts were declared (2026-11-25) after the first draws (2026-11-23): chosen after a first"
    )
    assert said(unknown) == (
        "metrics/declared.json does not record when c was declared in the present form, so nothing shows "
        "that this was before looking."
    )
    assert said(early, late).startswith("a was declared (2026-11-22) before the first draws")
    redefined = early.model_copy(update={"level": "black"})
    assert "does not record" in said(redefined)
