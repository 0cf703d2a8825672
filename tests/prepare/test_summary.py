"""metrics/data.json of ten ships, counted by hand."""

import pytest

from stages.common.records import Condition, Example, Rejected
from stages.prepare.checking import Checked
from stages.prepare.summary import people_shared_by_splits, summarize
from tests.prepare.fakes import SCHEMA, record

CITIES = ["A", "A", "A", "A", "A", "B", "B", "B", "C", "C"]
TEN = [
    record(f"h{i}", i + 1, port={"city": city, "berth": None if i < 3 else i}, flag=None if i == 9 else "red")
    for i, city in enumerate(CITIES)
]
REFUSED = Rejected(file="a.json", record=11, reason="why", found=1)


def example(source_id):
    return Example(source_id=source_id, prompt_id="p", prompt="", completion="")


def test_numbers_of_all_ten():
    found = summarize(Checked(TEN, [REFUSED], [REFUSED, REFUSED]), TEN, SCHEMA)
    assert (found["n_in"], found["n_refused"], found["n_duplicates"]) == (13, 1, 2)
    assert (found["n_sampled"], found["n_people"]) == (10, 10)
    assert found["null_rate"] == pytest.approx(
        {"flag": 0.1, "port.city": 0, "port.berth": 0.3, "masts": 0, "speed": 0, "cargo": 0, "note": 0}
    )
    assert found["protected"] == {"flag": pytest.approx({"(null)": 0.1, "red": 0.9})}
    assert found["lost_by_sampling"] == {
        "total_variation": {"flag": 0, "port.city": 0, "cargo": 0},
        "kolmogorov_smirnov": {"port.berth": 0, "masts": 0, "speed": 0},
        "n_levels_lost": 0,
    }


def test_what_a_sample_of_four_loses():
    # 2 A, 2 B: A .5 -> .5, B .3 -> .5, C .2 -> 0: half of .0 + .2 + .2 is .2; flag: half of .1 + .1
    kept = [TEN[3], TEN[4], TEN[5], TEN[6]]
    found = summarize(Checked(TEN, [], []), kept, SCHEMA)
    lost = found["lost_by_sampling"]
    assert lost["total_variation"] == pytest.approx({"flag": 0.1, "port.city": 0.2, "cargo": 0})
    assert lost["n_levels_lost"] == 2
    assert found["n_sampled"] == 4
    assert found["null_rate"]["port.berth"] == 0


def test_huge_whole_numbers_are_compared():
    ships = [record(f"h{i}", masts=masts) for i, masts in enumerate([-(10**19), 10**30])]
    lost = summarize(Checked(ships, [], []), ships[:1], SCHEMA)["lost_by_sampling"]
    assert lost["kolmogorov_smirnov"]["masts"] == 0.5


def test_a_missing_value_is_a_level_and_counts_as_null():
    profiles = [record("a"), record("b")]
    del profiles[0].profile["flag"]
    found = summarize(Checked(profiles, [], []), profiles, SCHEMA)
    assert found["protected"]["flag"] == {"(missing)": 0.5, "red": 0.5}
    assert found["null_rate"]["flag"] == 0.5


def test_twins_are_one_person():
    twins = [record("a"), record("a", flag="-")]
    assert summarize(Checked(twins, [], []), twins, SCHEMA)["n_people"] == 1


def test_people_in_two_splits_are_counted_over_both_conditions():
    sound: dict[Condition, dict[str, list[Example]]] = {
        "original": {"train": [example("a")], "test": [example("b")]},
        "augmented": {"train": [example("a")]},
    }
    assert people_shared_by_splits(sound) == 0
    leak: dict[Condition, dict[str, list[Example]]] = {
        **sound,
        "augmented": {"train": [example("b"), example("b")]},
    }
    assert people_shared_by_splits(leak) == 1
