"""Sentences are true at any n and with any arms: refused, unreadable, or not asked a prompt."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from stages.common.calibration import CalibratedContrast
from stages.common.tables.base import Rate
from stages.common.tables.format import FunnelRow, ValidityRow
from stages.report.claims import augmentation_screen
from stages.report.discussion import discussion
from stages.report.inputs import Inputs, load_inputs
from stages.report.loading import Tables
from stages.report.moved import how_to_read, moved
from stages.report.screen import Screen
from stages.report.screens import FIRST, MAKERS, findings, screens
from stages.report.shares import shares
from stages.report.tables.calibration import calibration as table_of
from stages.report.trainings import PairRow, RunRow, Trainings
from stages.report.written import format_screen
from tests.evaluate.fakes import cat, draws
from tests.report.study import completions, made, write_study
from tests.report.test_answers import CALIBRATED, calibration

ARMS = [
    "tiny/none", "tiny+shots/original", "tiny+shots/augmented", "tiny+lora/original", "tiny+lora/augmented",
    "claude/none", "claude(API)/original", "gemini/augmented", "chatgpt/none",
]  # fmt: skip
TEXTS = st.sampled_from(["", "meow", "I cannot help with that.", cat(), cat(coat="white"), cat(coat="red")])
Counts = dict[str, tuple[int, int, int]]
"""Draws, valid ones and refused ones of the headline prompt, by arm."""


@pytest.fixture
def inputs(cats: Path) -> Inputs:
    return load_inputs()


@st.composite
def counted(draw: st.DrawFn) -> Counts:
    """Some arms with any number of draws."""
    found = {}
    for arm in draw(st.lists(st.sampled_from(ARMS), unique=True)):
        n = draw(st.integers(1, 300))
        n_valid = draw(st.integers(0, n))
        found[arm] = (n, n_valid, draw(st.integers(0, n - n_valid)))
    return found


def asked(inputs: Inputs, counts: Counts) -> Inputs:
    """The inputs with these draws under the headline prompt; other arms were not asked it."""
    prompt = inputs.headline_prompt.id
    validity = [
        made(ValidityRow, arm=arm, prompt=prompt, n=n, n_conversations=n, n_readable=n_valid, n_valid=n_valid,
             rate=rate(n_valid, n))
        for arm, (n, n_valid, _) in counts.items()
    ]  # fmt: skip
    refused = [
        made(FunnelRow, arm=arm, prompt=prompt, step="refused", n=n, n_conversations=n, n_step=n_refused,
             rate=rate(n_refused, n))
        for arm, (n, _, n_refused) in counts.items()
    ]  # fmt: skip
    every = [row for arm in ARMS for row in draws("meow", arm=arm)]
    tables = Tables({**inputs.tables.rows, ValidityRow: validity, FunnelRow: refused})
    return replace(inputs, completions=every, tables=tables)


def rate(n_some: int, n: int) -> Rate:
    interval = binomtest(n_some, n).proportion_ci()
    return Rate(rate=n_some / n, low=interval.low, high=interval.high)


def words(found: Iterable[object]) -> str:
    return " ".join(" ".join(one) if isinstance(one, list) else str(one) for one in found)


def whole(screen: Screen) -> str:
    return words([screen.headline, *screen.sentences, *screen.limits])


HERE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@HERE
@given(counts=counted())
def test_every_count_is_that_of_its_arm_and_only_arms_that_were_asked_are_judged(
    inputs: Inputs, counts: Counts
) -> None:
    given_inputs = asked(inputs, counts)
    screen = format_screen(given_inputs)
    said = words(screen.sentences)
    for arm, (n, n_valid, n_refused) in counts.items():
        name = given_inputs.name(arm)
        assert f"{name} [{n_valid} of {n}](validity)" in said
        noun = "draw" if n == 1 else "draws"
        assert (f"{name}, [{n_refused} of {n} {noun}](funnel)" in said) == (n_refused > 0)
    others = said.partition("not judged for it: ")[2]
    for arm in ARMS:
        name = re.escape(given_inputs.name(arm))
        assert bool(re.search(rf"(^|, |and ){name}(,|\.| and)", others)) == (
            arm not in counts and counts != {}
        )


@HERE
@given(counts=counted())
def test_the_headline_puts_every_arm_on_its_side_of_half(inputs: Inputs, counts: Counts) -> None:
    given_inputs = asked(inputs, counts)
    screen = format_screen(given_inputs)
    shares_of = [n_valid / n for n, n_valid, _ in counts.values()]
    laws = {
        "No arm was asked": not counts,
        "Every draw": bool(counts) and min(shares_of, default=0) == 1,
        "No draw of any": bool(counts) and max(shares_of, default=1) == 0,
        "Most draws of": bool(counts) and max(shares_of) > 0.5 >= min(shares_of),
    }
    for beginning, law in laws.items():
        assert screen.headline.startswith(beginning) == law, beginning


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.dictionaries(st.sampled_from(ARMS[:5]), st.lists(TEXTS, min_size=1, max_size=5), min_size=1))
def test_a_run_of_any_texts_is_put_into_words(cats: Path, texts: dict[str, list[str]]) -> None:
    """All refused, none parsed, one arm alone: what is evaluated is what stands in the sentences."""
    rows = [row for arm, some in texts.items() for row in draws(*some, arm=arm)]
    write_study(cats, rows)
    inputs = load_inputs()
    shown = screens(inputs.free, ())
    said = words([*map(whole, shown), *(words(topic.sentences) for topic in discussion(inputs))])
    assert len(findings(shown, inputs)) <= 3
    assert not re.search(r"\b(nan|None|inf)\b(?! of)", said)
    assert not re.search(r"\b1 (draws|arms|profiles|pairs|contrasts|trainings|people)\b", said)
    for arm, some in texts.items():
        assert f" of {len(some)}](validity)" in said, arm
    assert moved(shares(inputs), inputs)
    assert "training:" not in how_to_read(shares(inputs), inputs)


@st.composite
def calibrated(draw: st.DrawFn) -> list[CalibratedContrast]:
    found = []
    for i in range(draw(st.integers(1, 6))):
        difference = draw(st.floats(-1, 1))
        ends = draw(st.none() | st.just((difference - 0.1, difference + 0.1)))
        found.append(CALIBRATED.model_copy(update={
            "contrast": f"c{i}", "level": f"level {i}", "difference": difference,
            "low": ends and ends[0], "high": ends and ends[1],
            "verdict": draw(st.sampled_from(["stands", "undecided", "does not stand"])),
            "smallest_shift": draw(st.none() | st.floats(0, 2)),
        }))  # fmt: skip
    return found


@HERE
@given(about=calibrated(), n_runs=st.integers(2, 9), up=st.booleans())
def test_the_first_headline_claims_only_what_stands(inputs: Inputs, about, n_runs, up) -> None:
    arms = CALIBRATED.arm_a, CALIBRATED.arm_b
    pairs = [PairRow(one.contrast, run, 0.1 if up else 0.1 - run) for one in about for run in range(n_runs)]
    runs = [RunRow(one.contrast, arm, run, 9, 0.5) for one in about for arm in arms for run in range(n_runs)]
    state = calibration(*about).model_copy(update={"n_seeds": n_runs})
    given_inputs = replace(inputs, calibration=state, trainings=Trainings(tuple(runs), tuple(pairs)))
    n_stand = [one.verdict for one in about].count("stands")
    said = moved(shares(given_inputs), given_inputs)
    everywhere = (
        said == f"Augmenting the data moves what the model writes, in all {n_runs} pairs of trainings"
    )
    assert everywhere == (n_stand == len(about) and up)
    if not everywhere:
        assert said.startswith(f"Augmenting the data moves {n_stand or 'none'} of {len(about)} declared")
    screen = augmentation_screen(given_inputs)
    assert screen.headline.startswith(f"{n_stand or 'None'} of {len(about)} calibrated contrast")
    [table] = table_of(given_inputs)
    assert len(table.rows) == len(about)


def test_every_finding_of_the_first_screen_leads_to_a_screen(inputs: Inputs) -> None:
    shown = screens(inputs, ())
    assert {*FIRST} <= {make(inputs).id for make in MAKERS}
    assert {name for name, _ in findings(shown, inputs)} <= {one.id for one in shown}


def test_a_report_of_a_study_without_a_headline_draw_has_no_such_claim(cats: Path) -> None:
    write_study(cats, completions()[-1:])  # the last draw is of the other prompt
    inputs = load_inputs()
    screen = format_screen(inputs)
    assert screen.headline == "No arm was asked the prompt any-cat"
    assert screen.sentences == []
