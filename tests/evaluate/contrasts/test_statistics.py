"""What is read out of draws."""

from typing import Any

import numpy as np
import pytest

from stages.common.evaluated import EvaluatedProfile
from stages.common.records import Profile
from stages.evaluate.cells import cells_of
from stages.evaluate.contrasts.permutation import Outcome
from stages.evaluate.contrasts.statistics import (
    Reading,
    association_score,
    categories,
    differing,
    per_draw,
    variety_score,
)
from stages.evaluate.contrasts.testing import outcome_of
from tests.evaluate.fakes import cat, contrast, draws, schema, study, training

HOW = Reading(schema(), tuple(training()))
TEXTS: list[str | Profile] = [cat(), cat(coat="white", mice=4), {"coat": "white"}, cat(mice=None), "no", ""]


def drawn(texts: list[str | Profile]) -> tuple[EvaluatedProfile, ...]:
    return cells_of(draws(*texts), study())[0].draws


def values(statistic: str, **keys: Any) -> list[float]:
    return per_draw(contrast(statistic, **keys), drawn(TEXTS), HOW).tolist()


def test_what_each_draw_counts() -> None:
    nan = pytest.approx(np.nan, nan_ok=True)
    assert values("share", field="coat", level="white") == [0, 1, 1, 0, nan, nan]
    # a profile without the field says nothing about it
    assert values("share", field="tame", level=True) == [1, 1, nan, 1, nan, nan]
    assert values("mean", field="mice") == [3, 4, nan, nan, nan, nan]
    assert values("valid") == [1, 1, 0, 1, 0, 0]
    # the first is the black outdoor cat with 3 mice of the training split, whatever its note
    assert values("copies") == [1, 0, 0, 0, nan, nan]
    indoor = drawn([cat(home={"kind": "indoor"}), cat(home={"kind": "indoor"}, mice=0)])
    assert per_draw(contrast("rules_broken"), indoor, HOW).tolist() == [1, 0]


def test_variety_is_the_mean_over_pairs() -> None:
    # of 5 fields without text, cats 1 and 2 differ in coat, 1 and 3 in coat and mice, 2 and 3 in mice
    cats = [cat(), cat(coat="white", note="other"), cat(coat="white", mice=4)]
    differ = differing(cats, schema())
    assert differ.tolist() == [[0, 0.2, 0.4], [0.2, 0, 0.2], [0.4, 0.2, 0]]
    score = variety_score(differ)(np.array([[True, True, True], [True, False, True]]))
    assert score == pytest.approx([(0.2 + 0.4 + 0.2) / 3, 0.4])


def test_numbers_are_categories_by_quartile_of_the_training_records() -> None:
    # mice of training: 0 0 1 3 3 3 3 3 3 9, quartiles 1.5, 3, 3
    found = categories([cat(mice=1), cat(mice=3), cat(mice=4), cat(mice=None), {}], "mice", HOW)
    assert found == ["quartile 1", "quartile 2", "quartile 3", "(null)", "(missing)"]


def test_association_of_groups() -> None:
    score = association_score(list("aabb") * 3, list("xxyy") * 3)
    flags = np.array([[True] * 12, [True, False, True, False] * 3])
    assert score(flags) == pytest.approx([1, 1])
    # one category only: nothing can go together
    assert association_score(list("aaaa"), list("xyxy"))(np.ones((1, 4), bool)) == pytest.approx([0])


@pytest.mark.parametrize("statistic", ["share", "variety", "association"])
def test_too_few_draws_give_the_reason(statistic: str) -> None:
    keys: dict[str, Any] = {
        "share": {"field": "coat", "level": "white"},
        "association": {"field": "coat", "attribute": "mice", "calibration_only": True},
    }.get(statistic, {})
    found = outcome_of(contrast(statistic, **keys), drawn(["no"]), drawn([cat()] * 6), HOW, draws=100, seed=1)
    assert isinstance(found, str)
    assert found.endswith("there are 0 and 6")


def test_draws_that_do_not_count_are_no_part_of_n() -> None:
    found = outcome_of(
        contrast("mean", field="mice"), drawn(TEXTS), drawn([cat(mice=9)] * 2), HOW, draws=100, seed=1
    )
    assert isinstance(found, Outcome)
    assert (found.n_a, found.n_b, found.value_a, found.value_b) == (2, 2, 3.5, 9)


def test_units_of_draws_that_do_not_count_are_left_out() -> None:
    a, b = drawn([cat(), "no", cat()]), drawn([cat(coat="white")] * 2)
    white = contrast("share", field="coat", level="white")
    found = outcome_of(white, a, b, HOW, draws=100, seed=1, units=["a", "x", "a", "b", "b"])
    assert isinstance(found, Outcome)
    assert found.p == 1  # two conversations can be exchanged in two ways, both as different
