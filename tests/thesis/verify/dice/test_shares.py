"""Reported shares against new draws: what fits, what does not, and what would have been found."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import scipy

from stages.common.evaluated import EvaluatedProfile
from stages.common.schema import load_schema
from stages.evaluate.contrasts.power import rejected
from stages.evaluate.contrasts.statistics import Reading
from stages.evaluate.declared import Contrast
from thesis.verify.dice.shares import Answer, answered, caught, judged_dice, questions
from thesis.verify.tolerances import DiceParams

PARAMS = DiceParams(draws=40, level=0.01, power=0.8)
ARM, OTHER = "tiny+lora/original", "tiny+lora/augmented"


def contrast(name: str = "race", **more: Any) -> Contrast:
    share: dict[str, Any] = {"statistic": "share", "field": "race", "level": "white"}
    return Contrast(**{"id": name, "arm_a": ARM, "arm_b": OTHER, "prompt": "free-profile", **share, **more})


def draws(n_white: int, n_other: int, n_broken: int = 0) -> list[EvaluatedProfile]:
    people: Sequence[Any] = [
        *[{"race": "white"}] * n_white,
        *[{"race": "black"}] * n_other,
        *[None] * n_broken,
    ]
    return [
        EvaluatedProfile(
            arm=ARM, prompt_id="free-profile", draw=number, profile=one, notes=[], violations=[],
            broken_rules=[], broken_text_rules=[], status="strict" if one else "invalid",
        )
        for number, one in enumerate(people, start=1)
    ]  # fmt: skip


def asked(reported: list[EvaluatedProfile], new: list[EvaluatedProfile]) -> Answer:
    (question, _) = questions([contrast()], [ARM, OTHER])
    found = answered(question, reported, new, Reading(load_schema(), ()), draws=100, seed=1)
    assert isinstance(found, Answer)
    return found


def test_each_arm_is_asked_once_for_each_number_and_nothing_for_calibration() -> None:
    twice = [
        contrast("a"),
        contrast("b", arm_b="claude/none"),
        contrast("c", calibration_only=True, level="black"),
    ]
    assert [one.arm for one in questions(twice, [ARM, OTHER])] == [ARM, OTHER]


def test_an_honest_report_fits() -> None:
    (found,) = judged_dice([asked(draws(7, 3), draws(27, 11, 2))], PARAMS)
    assert found.is_same
    assert found.expected == "as reported: 7 of 10 (70 %)"
    assert found.got.startswith("27 of 38 (71 %); p 1;")


def test_a_false_report_does_not_fit() -> None:
    # p of 0/10 against 36/40 is far below 1 % / 3; Holm multiplies by the number of questions
    honest, false = asked(draws(7, 3), draws(28, 12)), asked(draws(0, 10), draws(36, 4))
    found = list(judged_dice([honest, false, honest], PARAMS))
    assert [one.is_same for one in found] == [True, False, True]
    p = scipy.stats.fisher_exact(np.array([[0, 10], [36, 4]])).pvalue
    assert found[1].seen["p_holm"] == pytest.approx(3 * p, rel=0.2)


def test_a_draw_that_says_nothing_gives_a_reason() -> None:
    (question, _) = questions([contrast()], [ARM, OTHER])
    found = answered(question, draws(0, 0, 3), draws(5, 5), Reading(load_schema(), ()), draws=100, seed=1)
    assert isinstance(found, str)


def test_what_would_have_been_found() -> None:
    # B(10, .581) is at least 5 with .80, and 0 of 10 against 5 of 10 has p .033; 4 of 10 has .087
    low, high = caught(0, 10, 10, level=0.05, power=0.8)
    assert low is None
    assert high is not None
    at_least_5 = np.array(scipy.stats.binom.sf(4, 10, np.array([high, high - 0.002])))
    assert at_least_5[0] >= 0.8 > at_least_5[1]
    assert caught(10, 10, 10, level=0.05, power=0.8)[0] == pytest.approx(1 - high)


def test_more_draws_find_smaller_forgeries_until_the_report_itself_is_the_limit() -> None:
    bounds = [caught(3, 10, n, 0.001, 0.8)[1] for n in (20, 40, 400)]
    assert all(one is not None for one in bounds)
    assert bounds == sorted(bounds, reverse=True)  # type: ignore[type-var]


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.77])
def test_an_honest_author_is_seldom_called_false(share: float) -> None:
    # by Bonferroni, which Holm improves: each of m questions is called false with at most level / m
    level = 0.01 / 13
    reported, new = (scipy.stats.binom.pmf(np.arange(n + 1), n, share) for n in (10, 40))
    assert reported @ rejected(10, 40, level) @ new <= level
