"""The table of losses and its intervals over people."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stages.common.records import CONDITIONS, Condition, ProfileLoss
from stages.score.params import ScoreParams
from stages.score.summary import cell, summarize

PARAMS = ScoreParams(seed=1, resamples=2000, records_per_pack=4, confidence=0.95)


def loss(
    person: str, nll: float, n_tokens: int, data: Condition = "original", arm: str = "base/none"
) -> ProfileLoss:
    return ProfileLoss(
        source_id=person, data=data, split="test", arm=arm, nll=nll, n_tokens=n_tokens, fields={}
    )  # fmt: skip


def test_every_token_weighs_the_same() -> None:
    # (10 + 90) / (10 + 30), not the mean of 1 and 3
    assert cell([loss("a", 10.0, 10), loss("b", 90.0, 30)], PARAMS, 1) == {"loss": 2.5, "n": 2}


def test_a_persons_records_count_as_one_person() -> None:
    found = cell([loss("a", 1.0, 1), loss("a", 2.0, 1), loss("b", 3.0, 1)], PARAMS, 1)
    assert found == {"loss": 2.0, "n": 2}


def test_equal_losses_have_no_interval() -> None:
    assert set(cell([loss(str(i), 2.0, 4) for i in range(9)], PARAMS, 1)) == {"loss", "n"}


rows = st.lists(st.tuples(st.integers(1, 400), st.integers(20, 60)), min_size=3, max_size=25, unique=True)


@settings(max_examples=40)
@given(rows)
def test_the_interval_holds_the_estimate(among: list[tuple[int, int]]) -> None:
    found = cell([loss(str(i), nll / 8, n) for i, (nll, n) in enumerate(among)], PARAMS, 1)
    if "low" in found:
        assert found["low"] <= found["loss"] <= found["high"]


def test_the_order_of_rows_does_not_matter() -> None:
    among = [
        loss(f"person-{i}", 10 + i**1.5, 20 + i % 7, data, arm)
        for i in range(30)
        for data in CONDITIONS
        for arm in ("base/none", "base+lora/original")
    ]
    shuffled = random.Random(3).sample(among, len(among))
    assert summarize(shuffled, PARAMS) == summarize(among, PARAMS)


def test_an_interval_contains_the_truth_about_as_often_as_it_says() -> None:
    draws = random.Random(5)
    covered = 0
    for study in range(100):
        among = [loss(str(i), 30 * draws.gauss(2, 0.4), 30) for i in range(40)]
        found = cell(among, PARAMS, study)
        covered += found["low"] <= 2 <= found["high"]
    assert covered >= 87  # 95 expected; below 88 in less than 1 of 300


@pytest.mark.parametrize("confidence", [0.0, 1.0])
def test_confidence_lies_between_0_and_1(confidence: float) -> None:
    with pytest.raises(ValueError, match="confidence"):
        ScoreParams(seed=1, resamples=2000, records_per_pack=4, confidence=confidence)
