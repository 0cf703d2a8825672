"""Longest common substring, runs of words, nearest neighbour: training against held-out people."""

import tracemalloc
from difflib import SequenceMatcher
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.records import Profile
from stages.common.tables.base import NotComputed, Row
from stages.common.tables.variety import WHOLE, MemorisationRow
from stages.evaluate.cells import cells_of
from stages.evaluate.rows import rows_of
from stages.evaluate.variety.mean_differences import null_differences
from stages.evaluate.variety.memorisation import memorisation
from stages.evaluate.variety.overlap import Texts, runs
from stages.evaluate.variety.people import People
from tests.evaluate.fakes import FREE, cat, draws, held_out, schema, study, training

WORDS = st.text("ab ", max_size=12)


@given(WORDS, st.lists(WORDS, max_size=4))
def test_the_longest_substring_is_difflibs(text: str, others: list[str]) -> None:
    expected = max(
        (SequenceMatcher(None, text, other, autojunk=False).find_longest_match().size for other in others),
        default=0,
    )
    assert Texts(others, [str(i) for i in range(len(others))]).longest(text) == expected


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_a_text_is_in_itself_but_not_in_others_for_that(others: list[str]) -> None:
    owners = [str(i) for i in range(len(others))]
    texts = Texts(others, owners)
    for i, text in enumerate(others):
        rest = Texts([*others[:i], *others[i + 1 :]], [*owners[:i], *owners[i + 1 :]])
        assert texts.longest(text) == len(text)
        assert texts.longest(text, owners[i]) == rest.longest(text)
        assert texts.share_of_runs(text, owners[i]) == rest.share_of_runs(text)


@given(WORDS, st.lists(st.tuples(WORDS, st.sampled_from("123")), max_size=6), st.sampled_from(["1", None]))
def test_all_texts_of_an_owner_are_left_out(text: str, pairs: list[tuple[str, str]], but: str | None) -> None:
    texts, owners = [one for one, _ in pairs], [owner for _, owner in pairs]
    others = [one for one, owner in pairs if owner != but]
    found, rest = Texts(texts, owners), Texts(others, [owner for owner in owners if owner != but])
    assert found.longest(text, but) == rest.longest(text)
    assert found.share_of_runs(text, but) == rest.share_of_runs(text)


def test_any_character_may_be_in_a_text() -> None:
    odd = "\0\ud800\U0001f600\U0010ffff"
    assert Texts([odd, ""], ["1", "2"]).longest(odd) == 4
    assert Texts(["a", "b"], ["1", "2"]).longest("\U0010ffff") == 0


def test_no_substring_runs_from_one_text_into_the_next() -> None:
    assert Texts(["ab", "cd"], ["1", "2"]).longest("abcd") == 2


@pytest.mark.parametrize("at_once", [1, 7, 1000])
def test_nearest_by_blocks_is_nearest_of_all(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [cat(mice=mice, coat=coat) for mice in range(9) for coat in ("black", "white")]
    where = "stages.evaluate.values.distance.AT_ONCE"
    whole = People(people, schema(), {"mice": 10}).closeness(people, leave_out_own=True)
    monkeypatch.setattr(where, at_once)
    parts = People(people, schema(), {"mice": 10}).closeness(people, leave_out_own=True)
    assert (parts["nearest_distance", WHOLE] == whole["nearest_distance", WHOLE]).all()


@pytest.mark.parametrize("at_once", [1, 7, 1000])
def test_differences_drawn_in_parts_are_those_drawn_at_once(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    unseen, repeats = np.array([0.1, 0.25, -0.3]), np.array([2, 1])
    whole = null_differences(unseen, repeats, draws=50, seed=3)
    monkeypatch.setattr("stages.evaluate.variety.mean_differences._AT_ONCE", at_once)
    assert (null_differences(unseen, repeats, draws=50, seed=3) == whole).all()


def test_runs_of_eight_words() -> None:
    # 9 words have two runs, of which the first is in the other text
    nine = "one two, three four five six seven eight NINE"
    assert len(runs(nine)) == 2
    other = Texts(["One two three four five six seven eight ten"], ["1"])
    assert other.share_of_runs(nine) == 0.5
    assert other.share_of_runs("too few words") is None


def test_the_nearest_of_others() -> None:
    # twins differ in protected fields alone, and are one person; the third differs in breed and mice
    people = [cat(), cat(coat="white"), cat(breed="fox", mice=4)]
    nearest = People(people, schema(), {"mice": 10}).closeness(people, leave_out_own=True)
    # over 5 fields: breed 1, mice .1, and coat for the second
    assert nearest["nearest_distance", WHOLE] == pytest.approx([1.1 / 5, 2.1 / 5, 1.1 / 5])


def test_null_of_one_profile_is_one_held_out_person() -> None:
    # differences 0 and 1, one person drawn; the error is the mean of two more, less 1/2
    null = null_differences(np.array([0.0, 1.0]), np.array([1]), draws=4000, seed=1)
    assert {*null} == {-0.5, 0, 0.5, 1, 1.5}
    assert null.mean() == pytest.approx(0.5, abs=0.03)
    # variance 1/4 of one, 1/8 of the mean of two
    assert null.var() == pytest.approx(3 / 8, abs=0.02)


def test_one_profile_ten_times_is_no_more_evidence_than_once() -> None:
    unseen = np.random.default_rng(1).normal(size=50)
    once, ten = (null_differences(unseen, np.array([k]), draws=500, seed=1) for k in (1, 10))
    assert (once == ten).all()
    apart = null_differences(unseen, np.ones(10, int), draws=500, seed=1)
    assert apart.std() < once.std() / 2


def test_a_band_of_many_is_as_wide_as_few_held_out_people_make_it() -> None:
    unseen = np.random.default_rng(1).normal(size=25)
    null = null_differences(unseen, np.ones(2000, int), draws=2000, seed=1)
    assert null.std() == pytest.approx(unseen.std() / 5, rel=0.1)


def rows_for(*profiles: Profile | str, arm: str = "tiny+lora/original", **changes: Any) -> list[Row]:
    one = study(**changes)
    return list(memorisation(cells_of(draws(*profiles, arm=arm), one), one))


def by_measure(rows: list[Row]) -> dict[tuple[str, str], MemorisationRow]:
    return {(row.measure, row.field): row for row in rows_of(MemorisationRow, rows)}


def test_a_copied_training_cat() -> None:
    rows = by_measure(rows_for(training()[3]))
    note = rows["longest_substring", "note"]
    # "sleeps 3" is a training note; "hunts in garden 0" shares "s" or " " + digit with it: " 3"
    assert (note.train, note.test, note.difference) == (8, 2, 6)
    assert (note.n, note.n_used, note.n_train, note.n_test) == (1, 1, 10, 50)
    assert rows["longest_substring_share", "note"].train == 1
    assert rows["longest_substring_share", WHOLE].train == 1
    nearest = rows["nearest_distance", WHOLE]
    # held-out cats differ in breed and in at least 10 - 3 of 9 mice: over 5 fields (1 + 7/9) / 5
    assert nearest.train == 0
    assert nearest.test == pytest.approx((1 + 7 / 9) / 5)
    assert nearest.difference < nearest.band_low


def test_a_held_out_cat_is_no_sign_of_memory() -> None:
    rows = by_measure(rows_for(*held_out()["original"]))
    assert all(row.p > 0.5 for row in rows.values())


def test_copies_of_many_are_a_sign() -> None:
    rows = by_measure(rows_for(*training()[:6]))
    # as small as 50 held-out people can show, though no sampler of 500 is as close
    assert rows["longest_substring", WHOLE].p == pytest.approx(1 / 51)
    assert rows["nearest_distance", WHOLE].p == pytest.approx(1 / 51)


def test_an_arm_that_was_shown_none_is_held_against_the_original() -> None:
    rows = by_measure(rows_for(training()[3], arm="tiny/none"))
    assert rows["nearest_distance", WHOLE].train == 0


def test_as_few_training_people_as_are_held_out_are_no_closer() -> None:
    rows = by_measure(rows_for(*training()))
    for (measure, _), row in rows.items():
        if measure == "nearest_distance":
            assert row.train <= row.train_same_size
        else:
            assert row.train >= row.train_same_size


def test_profiles_without_a_text_are_left_out_of_it() -> None:
    bare = {key: value for key, value in cat().items() if key != "note"}
    rows = rows_for(cat(), bare, cat(note=""), cat(note=7))
    assert by_measure(rows)["longest_substring", "note"].n_used == 1
    assert by_measure(rows)["longest_substring", WHOLE].n_used == 4
    # notes of one to four words have no run of eight
    left_out = {(row.contrast, row.field): row.reason for row in rows_of(NotComputed, rows)}
    assert left_out["overlap_8_words", "note"] == (
        "with such a text: profiles 0, held-out people 0; needs 1 and 50"
    )


def test_held_out_people_who_are_all_alike_say_nothing_of_chance() -> None:
    # every note is "sleeps": 6 characters of training and of each other, a difference of 0
    same = {
        condition: [{**one, "note": "sleeps"} for one in people] for condition, people in held_out().items()
    }
    left_out = {
        (row.contrast, row.field): row.reason for row in rows_of(NotComputed, rows_for(cat(), held_out=same))
    }
    assert left_out["longest_substring", "note"].startswith("all 50 held-out people have the same difference")


def test_one_long_text_does_not_make_all_others_as_long() -> None:
    # padded to the longest, 61 texts of 4 million characters would take 1 GB
    tracemalloc.start()
    rows_for(*[cat()] * 60, {**cat(), "more": "x" * 4_000_000})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5e8


def test_what_cannot_be_computed_says_why() -> None:
    [row] = rows_for("sorry")
    assert row == NotComputed(
        arm="tiny+lora/original", prompt=FREE.id, table="memorisation", reason="no profile parsed"
    )
    [row] = rows_for(cat(), held_out=held_out(49))
    assert row == NotComputed(
        arm="tiny+lora/original",
        prompt=FREE.id,
        table="memorisation",
        reason="49 people are held out; needs n >= 50",
    )
