"""Who is who: identifiers and what differs between the versions of a person."""

from tests.init.fakes import bees, seen
from thesis.init.people import differences, identity_of


def identity(before, after):
    leaves = dict(seen(*before, augmented=after).leaves())
    return identity_of(leaves, {"original": len(before), "augmented": len(after)})


def test_a_number_is_an_identifier_by_its_name_alone():
    before, after = bees(20)
    found = identity(before, after)
    assert (found.path, found.n_shared, found.max_twins) == ("nr", 20, {"original": 1, "augmented": 1})
    renamed = [[{"weight": one["nr"], "c": "x"} for one in some] for some in (before, after)]
    assert identity(*renamed) is None


def test_codes_are_identifiers_whatever_they_are_called_but_no_numbers_with_units():
    before = [{"who": f"b-{i}", "way": f"{i} km", "pay": f"1.{i:03d}"} for i in range(9)]
    assert identity(before, before[:5]).path == "who"
    bare = [{key: one[key] for key in ("way", "pay")} for one in before]
    assert identity(bare, bare) is None


def test_several_versions_of_a_person():
    before, after = bees(6)
    found = identity(before, [*after, *after[:2]])
    assert (found.n_shared, found.max_twins) == (6, {"original": 1, "augmented": 2})


def test_an_id_that_someone_lacks_or_two_share_is_none():
    before, after = bees(6)
    assert identity([{**before[0], "nr": None}, *before[1:]], after) is None
    assert identity([before[1], *before[1:]], after) is None


def test_in_what_the_versions_differ():
    before, after = bees(60)
    paths = ["nr", "Kaste", "garten.Blüten", "honig", "notiz"]
    found = differences(identity(before, after), {"original": before, "augmented": after}, paths)
    # queens are 0, 9, 18 … 54: 7 of 60; of the others the even ones are drones: 30 - 4
    assert (found.n_pairs, dict(found.by_field)) == (60, {"Kaste": 7 + 26})
    assert [path for path in paths if found.changed(path)] == ["Kaste"]


def test_where_nearly_everything_differs_nothing_was_re_assigned():
    before, _ = bees(10)
    other = [{**one, "Kaste": "?", "honig": "0", "notiz": "?"} for one in before]
    paths = ["nr", "Kaste", "honig", "notiz"]
    found = differences(identity(before, other), {"original": before, "augmented": other}, paths)
    assert not any(found.changed(path) for path in paths)
