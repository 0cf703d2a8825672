"""The loss of each field, against what the frequencies of the training split cost."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.records import Profile
from stages.common.tables.base import NotComputed
from stages.common.tables.learning import FieldLossRow, GainRow
from stages.evaluate.learning.frequencies import costs
from stages.evaluate.learning.gains import learning
from stages.evaluate.rows import rows_of
from tests.evaluate.fakes import cat, schema, scored, study, training

FIELDS = {field.path: field for field in schema().fields}


def test_a_level_costs_what_its_smoothed_share_says() -> None:
    # 6 of 10 are black, 4 white: (6 + 1/2) / (10 + 1); a level that nobody has is not impossible
    cost = costs(FIELDS["coat"], training())
    assert (cost("black"), cost("white")) == pytest.approx((log(11 / 6.5), log(11 / 4.5)))
    assert cost("pink") is None
    # indoor, outdoor and ship: 2, 8 and 0 of 10
    assert costs(FIELDS["home.kind"], training())("ship") == pytest.approx(log(11.5 / 0.5))


def test_a_new_number_shares_what_is_left_with_all_that_are_new() -> None:
    # 0 0 1 3 3 3 3 3 3 9: 4 different ones, so 4 / 14 is left for the 6 others between 0 and 9
    cost = costs(FIELDS["mice"], training())
    assert (cost(3), cost(9)) == pytest.approx((log(14 / 6), log(14)))
    assert cost(5) == cost(70) == pytest.approx(log(14 / 4 * 6))


def test_a_new_text_has_no_known_frequency() -> None:
    cost = costs(FIELDS["breed"], [cat(breed="mix")] * 3 + [cat(breed="fox")])
    # T = 2 of N = 4
    assert (cost("mix"), cost("fox")) == pytest.approx((log(2), log(6)))
    assert cost("new") is None


@given(st.lists(st.integers(0, 12), min_size=1, max_size=30))
def test_the_whole_numbers_between_are_certain_together(mice: list[int]) -> None:
    cost = costs(FIELDS["mice"], [cat(mice=n) for n in mice])
    shares = [2.718281828459045 ** -(cost(n) or 0) for n in range(min(mice), max(mice) + 1)]
    everyone = len({*mice}) == max(mice) - min(mice) + 1  # then nothing is new, and a part stays unused
    assert sum(shares) == pytest.approx(1) or (everyone and sum(shares) < 1)


def rows(
    *people: Profile, nats: float = 0.5, given: tuple[str, ...] = ()
) -> tuple[list[FieldLossRow], list[GainRow]]:
    some = study(scored=scored([*people], "tiny+lora/original", "original", nats, *given))
    found = list(learning([], some))
    return rows_of(FieldLossRow, found), rows_of(GainRow, found)


def test_rows_of_an_arm() -> None:
    found, gains = rows(cat(), cat(coat="white"), cat(mice=9))
    by_field = {row.field: row for row in found}
    assert {row.n for row in found} == {3}
    assert (by_field["(structure)"].loss, by_field["note"].loss, by_field["note"].role) == (2, 0.5, "text")
    # coat, tame, home.kind, breed and mice cost .5 each; the note is text
    assert by_field["(content)"].loss == pytest.approx(2.5)
    assert (by_field["coat"].low, by_field["coat"].high) == (None, None)
    gain = {row.field: row for row in gains}
    expected = (2 * log(11 / 6.5) + log(11 / 4.5)) / 3
    assert gain["coat"].loss_frequencies == pytest.approx(expected)
    assert gain["coat"].gain == pytest.approx(expected - 0.5)
    assert gain["coat"].low is not None
    assert gain["coat"].low <= gain["coat"].gain <= (gain["coat"].high or 0)
    assert gain["(content)"].gain == pytest.approx(sum(row.gain for row in gains if row.field != "(content)"))
    assert "note" not in gain


def test_a_field_that_is_predicted_worse_than_by_its_frequency_shows() -> None:
    _, gains = rows(*[cat(), cat(coat="white"), cat()] * 10, nats=1.5)
    coat = next(row for row in gains if row.field == "coat")
    assert coat.gain < 0
    assert coat.high is not None
    assert coat.high < 0


def test_what_the_prompt_says_is_no_prediction() -> None:
    found, gains = rows(cat(), cat(), given=("coat",))
    assert "coat" not in {row.field for row in [*found, *gains]}
    assert next(row for row in found if row.field == "(content)").loss == pytest.approx(2)


def test_a_person_with_two_records_counts_once() -> None:
    people = scored([cat(), cat(coat="white")], "tiny/none")
    twins = [
        one.__class__(one.loss.model_copy(update={"source_id": "0"}), one.profile, one.given)
        for one in people
    ]
    [coat] = [row for row in rows_of(GainRow, learning([], study(scored=twins))) if row.field == "coat"]
    assert (coat.n, coat.low) == (1, None)
    assert coat.loss_frequencies == pytest.approx((log(11 / 6.5) + log(11 / 4.5)) / 2)


def test_a_value_of_unknown_frequency_leaves_the_field_out() -> None:
    some = study(scored=scored([cat(), cat(breed="new")], "tiny/none"))
    left = rows_of(NotComputed, learning([], some))
    assert [(row.table, row.contrast, row.field, row.reason) for row in left] == [
        ("frequency_gains", "original", "breed", "1 of 2 people have a value whose frequency is not known")
    ]
