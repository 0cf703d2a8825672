"""The first picture: a mark for each training, or the draws of the study with what chance would give."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.style import context

from stages.report.figures.shares import NARROW, WIDE, draw, draw_shares
from stages.report.inputs import Inputs, load_inputs
from stages.report.moved import how_to_read, moved
from stages.report.overview import title_of
from stages.report.shares import ArmShare, shares
from stages.report.style import STYLE
from stages.report.trainings import PairRow, RunRow, Trainings
from tests.evaluate.fakes import cat, draws
from tests.report.study import TUNED, completions, with_tables, write_study
from tests.report.test_answers import CALIBRATED, CONTRAST, calibration

OTHER = "tiny+lora/augmented"
BLACK = {TUNED: (0.5, 0.75, 0.625), OTHER: (0.125, 0.0, 0.25)}
CAPTION = (
    "Share among 200 draws; a mark is one training: ● LoRA · original, ○ LoRA · augmented. Tick: its dataset."
)


@pytest.fixture
def inputs(cats: Path) -> Inputs:
    write_study(cats, [*completions(), *draws(cat(coat="white"), cat(), arm=OTHER)])
    return load_inputs()


@pytest.fixture
def trained(inputs: Inputs) -> Inputs:
    """The inputs with three trainings of each dataset."""
    about = CALIBRATED.model_copy(update={"arm_a": TUNED, "arm_b": OTHER, "n_seeds": 3})
    runs = [
        RunRow("coat-black", arm, i, 200, one) for arm, some in BLACK.items() for i, one in enumerate(some)
    ]
    pairs = [PairRow("coat-black", i, -0.375) for i in range(3)]
    state = calibration(about).model_copy(update={"n_seeds": 3})
    return replace(inputs, calibration=state, trainings=Trainings(tuple(runs), tuple(pairs)))


def test_a_calibration_gives_a_mark_for_each_training_and_the_dataset_as_a_tick(trained: Inputs) -> None:
    shown = shares(trained)
    [level] = shown.levels
    # 6 of the 10 cats of the original's training split are black, none of the augmented's
    assert level.arms == (ArmShare(TUNED, BLACK[TUNED], 0.6), ArmShare(OTHER, BLACK[OTHER], 0.0))
    assert how_to_read(shown, trained) == CAPTION
    assert title_of(trained) == (
        "Augmenting the data moves what the model writes, in all 3 pairs of trainings. "
        "coat = black: LoRA · original 50–75 %; LoRA · augmented 0–25 %."
    )


def test_without_a_calibration_the_draws_stand_with_the_range_of_chance(inputs: Inputs) -> None:
    found = with_tables(inputs, contrasts=[replace(CONTRAST, arm_a=TUNED, arm_b=OTHER)])
    [level] = shares(found).levels
    assert [(one.arm, one.of) for one in level.arms] == [(TUNED, "2 of 3"), (OTHER, "1 of 2")]
    assert all(one.low is not None and one.high is not None for one in level.arms)
    assert moved(shares(found), found).startswith(
        "After one training each, the adapters differ in 1 of 1 declared share by more than their draws"
    )


def test_without_declared_shares_all_arms_stand_at_one_level(inputs: Inputs) -> None:
    [level] = shares(inputs).levels
    assert [one.arm for one in level.arms] == inputs.arms
    assert not level.is_contrast


@pytest.mark.parametrize("layout", [WIDE, NARROW])
def test_every_mark_lies_at_its_share(trained: Inputs, layout) -> None:
    with context(["default", STYLE]):
        figure = draw_shares(shares(trained), trained, layout)
    [axes] = figure.axes
    marks = [tuple(np.asarray(one.get_xdata())) for one in axes.lines if one.get_marker() == "o"]
    assert marks == [*BLACK.values()]
    ticks = [tuple(np.asarray(one.get_xdata())) for one in axes.lines if one.get_marker() == "None"]
    assert {(0.6, 0.6), (0.0, 0.0)} <= {*ticks}
    assert figure.get_figwidth() * 2.54 == pytest.approx(16 if layout is WIDE else 8, abs=0.01)


def test_the_first_picture_is_there_at_two_widths(trained: Inputs) -> None:
    with context(["default", STYLE]):
        widths = {drawing.name: drawing.narrow is not None for drawing in draw(trained)}
    assert widths == {"calibration": True, "all-arms": False}
