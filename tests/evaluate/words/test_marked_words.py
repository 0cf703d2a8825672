"""Marked words: z-scores by hand, their laws, and the threshold."""

from math import log, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.schema import ProfileSchema
from stages.common.tables.base import NotComputed
from stages.common.tables.words import MarkedWordRow
from stages.evaluate.cells import cells_of
from stages.evaluate.rows import rows_of
from stages.evaluate.words import marking
from stages.evaluate.words.family import marked_words
from stages.evaluate.words.log_odds import z_scores
from stages.evaluate.words.marking import TextGroups, largest_z, marked
from tests.evaluate.fakes import FREE, RARE, SCHEMA, cat, draws, study

TARGET = ["Kind, kind.", "kind warm smart", "smart"]
REFERENCE = ["kind warm", "warm", "smart smart smart"]
PRIOR = ["kind kind kind kind", "warm"]
TEXTS = st.lists(st.text("ab ", max_size=6), max_size=4)


def test_known_value() -> None:
    # n = 6 on both sides; prior: kind 4, warm 1, smart 0 -> 1: together 6, so 12 on both sides
    # "kind": (3+4)/(12-7) = 7/5 against (1+4)/(12-5) = 5/7 -> 2 ln(7/5); variance 1/7 + 1/5 = 12/35
    scores = z_scores(TARGET, REFERENCE, PRIOR)
    assert scores["kind"] == pytest.approx(2 * log(7 / 5) / sqrt(12 / 35))
    # "smart": (2+1)/9 against (3+1)/8 -> ln(3/9) - ln(4/8); variance 1/3 + 1/4
    assert scores["smart"] == pytest.approx((log(3 / 9) - log(4 / 8)) / sqrt(1 / 3 + 1 / 4))


def test_the_prior_is_both_groups_if_none_is_given() -> None:
    assert z_scores(TARGET, REFERENCE) == z_scores(TARGET, REFERENCE, [*TARGET, *REFERENCE])


@given(TEXTS, TEXTS, TEXTS)
def test_swapping_the_groups_negates_every_score(a: list[str], b: list[str], prior: list[str]) -> None:
    forth, back = z_scores(a, b, prior), z_scores(b, a, prior)
    assert forth == pytest.approx({word: -z for word, z in back.items()})


@given(TEXTS)
def test_equal_groups_have_no_scores_but_0(texts: list[str]) -> None:
    assert all(z == 0 for z in z_scores(texts, texts[::-1]).values())


def test_case_punctuation_and_digits_are_no_part_of_a_word() -> None:
    assert z_scores(["A 34-year-old!"], ["yearold a"]) == {"a": 0, "yearold": 0}
    assert z_scores([], ["12 !"]) == {}


def groups(target: list[str], reference: list[str], blocks: list[str] | None = None) -> TextGroups:
    texts = [*target, *reference]
    inside = tuple(i < len(target) for i in range(len(texts)))
    return TextGroups(tuple(texts), inside, tuple(blocks or [""] * len(texts)), tuple(range(len(texts))))


def test_the_largest_z_of_permutations_is_that_of_z_scores() -> None:
    # of two texts, both assignments have the same largest |z|
    two = groups(["kind kind warm"], ["warm smart"])
    expected = max(map(abs, z_scores(two.target, two.reference).values()))
    assert largest_z(two, draws=20, seed=1) == pytest.approx(np.full(20, expected))


def test_texts_stay_in_their_block() -> None:
    # each block has texts of one group only: nothing can be exchanged
    fixed = groups(["kind kind"] * 3, ["warm smart"] * 3, ["first"] * 3 + ["second"] * 3)
    assert np.ptp(largest_z(fixed, draws=50, seed=1)) == 0
    assert np.ptp(largest_z(groups(["kind kind"] * 3, ["warm smart"] * 3), draws=50, seed=1)) > 0


def test_a_planted_word_is_marked_and_chance_marks_as_rarely_as_it_says() -> None:
    rng = np.random.default_rng(1)
    words = np.array([f"{a}{b}" for a in "abcdefgh" for b in "xyz"])

    def texts(extra: str = "") -> list[str]:
        return [" ".join([*rng.choice(words, 8), extra]) for _ in range(10)]

    planted = marked(groups(texts("planted"), texts()), tail=0.05, draws=400, seed=1)
    assert planted.is_marked("planted")
    assert planted.shown[0] == "planted"
    nulls = [marked(groups(texts(), texts()), tail=0.05, draws=200, seed=i) for i in range(100)]
    alarms = [any(found.is_marked(word) for word in found.z_by_word) for found in nulls]
    assert sum(alarms) <= 12  # P(B(100, .05) > 12) = .0015


def test_beyond_the_threshold_p_is_small_enough_whatever_the_number_of_permutations() -> None:
    # 3 texts against 3 with nothing in common: 2 of 20 exchanges are as extreme, so p is about .1
    apart = groups(["kind kind"] * 3, ["warm smart"] * 3)
    for n in (200, 1000):
        found = {tail: marked(apart, tail=tail, draws=n, seed=1) for tail in (0.05, 0.01, 0.2)}
        assert [found[tail].is_marked("kind") for tail in found] == [False, False, True]


def test_rows_of_a_study() -> None:
    arms = "tiny+lora/original", "tiny+lora/augmented"
    cells = cells_of(
        [
            *draws(*[cat(note="sleeps a lot", coat=c) for c in ("black", "white") * 3], arm=arms[0]),
            *draws(*[cat(note="hunts a lot") for _ in range(6)], arm=arms[1]),
        ],
        study(FREE),
    )
    rows = list(marked_words(cells, study(FREE)))
    # both arms against each other, each against the dataset, the augmented one's coats are all alike
    assert {row.n_comparisons for row in rows_of(MarkedWordRow, rows)} == {3}
    between = [row for row in rows_of(MarkedWordRow, rows) if row.arm == "(all)"]
    groups = {(row.target, row.reference, row.n_target, row.n_reference) for row in between}
    assert groups == {(arms[1], arms[0], 6, 6)}
    # 2 of the 924 ways to exchange 6 and 6 texts are as extreme, so that both words pass the threshold
    assert {row.word: (row.marked, row.n_word_target, row.n_word_reference) for row in between} == {
        "hunts": (True, 6, 0),
        "sleeps": (True, 0, 6),
        "a": (False, 6, 6),
        "lot": (False, 6, 6),
    }
    assert {row.word: row.z > 0 for row in between if row.marked} == {"hunts": True, "sleeps": False}
    reasons = {row.contrast: row.reason for row in rows_of(NotComputed, rows) if row.arm == arms[0]}
    needs = "needs 5 texts on either side; there are: "
    assert reasons == {
        "coat": f"{needs}coat = black 3 and 3",
        "tame": f"{needs}tame = true 6 and 0, tame = false 0 and 6",
    }


def test_levels_without_an_enum_are_the_training_datas_whatever_the_prompt() -> None:
    # too few people are like this prompt to be held against; the training cats are all of the breed mix
    breed = {"type": "string", "x-role": "protected"}
    schema = ProfileSchema({**SCHEMA, "properties": {**SCHEMA["properties"], "breed": breed}}, "cats.json")
    cats = study(RARE, schema=schema)
    cells = cells_of(draws(*[cat()] * 6, *[cat(breed="new")] * 6, prompt_id=RARE.id), cats)
    assert cells[0].reference.reason
    rows = rows_of(MarkedWordRow, marked_words(cells, cats))
    assert {(row.target, row.n_target, row.n_reference) for row in rows} == {("breed = mix", 6, 6)}


def test_memory_is_bounded_by_texts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    # 40 texts of 2 words: 80 places hold 2 permutations
    shapes = []
    permuted = marking._permuted

    def noted(*args: Any) -> Any:
        found = permuted(*args)
        shapes.append(found.shape)
        return found

    monkeypatch.setattr(marking, "CHUNK", 80)
    monkeypatch.setattr(marking, "_permuted", noted)
    assert largest_z(groups(["kind"] * 20, ["warm"] * 20), draws=5, seed=1).shape == (5,)
    assert shapes == [(2, 40), (2, 40), (1, 40)]
