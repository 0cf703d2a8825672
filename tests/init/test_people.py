"""Who is who: decided by both files, or by what was said."""

import pytest

from stages.common.records import CONDITIONS
from stages.shell.errors import UserError
from tests.init.fakes import NULLS, bee, bees, identity, people, person
from thesis.init.people.agreement import differences
from thesis.init.people.ties import NONE


def named(before, after, **said):
    """Fields that tie the files together, and the pairs of places."""
    found = people(before, after, **said).identity
    return found and ([key.path for key in found.tie.keys.values()], found.pairs)


def in_order(n):
    return [(i, i) for i in range(n)]


def test_a_number_is_an_identifier_by_its_name_alone():
    before, after = bees(20)
    assert named(before, after) == (["nr", "nr"], in_order(20))
    renamed = [[{"weight": one["nr"], "c": "x"} for one in some] for some in (before, after)]
    assert named(*renamed) is None


def test_codes_are_identifiers_whatever_they_are_called_but_no_numbers_with_units():
    before = [{"who": f"b-{i}", "way": f"{i} km", "pay": f"1.{i:03d}"} for i in range(9)]
    assert named(before, before[:5])[0] == ["who", "who"]
    bare = [{key: one[key] for key in ("way", "pay")} for one in before]
    assert named(bare, bare) is None


def test_several_versions_of_a_person():
    before, after = bees(6)
    found = identity(before, [*after, {**after[0], "Kaste": "?"}, {**after[1], "Kaste": "?"}])
    assert (found.n_shared, found.max_twins) == (6, {"original": 1, "augmented": 2})


def test_a_duplicate_row_and_a_missing_id_leave_the_identifier_what_it_is():
    before, after = bees(20)
    rows = [*before, before[4]]
    rows[7] = {**rows[7], "nr": None}
    found = identity(rows, after)
    assert (found.path, found.max_twins["original"]) == ("nr", 1)
    # the bee without a number is most like number 7 of augmented, which has no other twin
    assert found.filled == {"original": [8], "augmented": []}
    assert people(rows, after).given["original"].records[7] == before[7]


def test_without_a_twin_a_record_without_an_id_gets_a_new_one():
    before, after = bees(20)
    found = people([*before, {**bee(70), "nr": None}], after)
    assert found.given["original"].records[-1]["nr"] == 20


def test_an_own_running_number_ties_nobody_where_another_field_names_the_original():
    before = [person(i) for i in range(1, 31)]
    after = [{**person(i), "id": n, "source_id": i} for n, i in enumerate(range(30, 0, -1), 1)]
    fields, pairs = named(before, after)
    assert (fields, pairs) == (["id", "source_id"], [(29 - j, j) for j in range(30)])
    found = people(before, after)
    assert [one["id"] for one in found.given["augmented"].records] == list(range(30, 0, -1))
    assert not any("source_id" in one for one in found.given["augmented"].records)
    assert [tie.words for tie in found.refuted] == ["id"]


def test_a_field_that_names_the_place_of_the_original():
    before = [{k: v for k, v in person(i).items() if k != "id"} for i in range(30)]
    after = [{**before[i], "row": i} for i in reversed(range(30))]
    fields, pairs = named(before, after)
    assert (fields[1], pairs) == ("row", [(29 - j, j) for j in range(30)])


def test_of_two_ids_the_one_wins_whose_records_agree():
    before = [{**person(i), "key": f"k-{i}"} for i in range(30)]
    after = [{**one, "key": f"k-{(one['id'] + 7) % 30}"} for one in before]
    assert named(before, after)[0] == ["id", "id"]
    swapped = [{**one, "id": (one["id"] + 7) % 30} for one in before]
    assert named(before, swapped)[0] == ["key", "key"]


def test_several_waves_are_one_person_although_each_row_has_a_number():
    before = [
        {"row_id": 2 * i + w, "person": f"p{i}", "wave": w, **person(i)} for i in range(20) for w in (0, 1)
    ]
    before = [{k: v for k, v in one.items() if k != "id"} for one in before]
    found = identity(before, before)
    assert (found.path, found.max_twins["original"]) == ("person", 2)


def test_what_is_said_wins_over_the_evidence():
    before = [person(i) for i in range(1, 31)]
    after = [{**person(i), "id": n, "ref": i} for n, i in enumerate(range(30, 0, -1), 1)]
    assert named(before, after, id="id")[0] == ["id", "id"]
    assert named(before, after, pair_by="ref")[0] == ["id", "ref"]
    assert named(before, after, id="id", pair_by="ref")[0] == ["id", "ref"]
    assert named(before, after, id=NONE) is None


@pytest.mark.parametrize("said", [{"id": "x"}, {"pair_by": "x"}, {"id": "x", "pair_by": "id"}], ids=str)
def test_a_field_that_is_not_there_is_named(said):
    before = [person(i) for i in range(9)]
    with pytest.raises(
        UserError, match=r"x: no field of the (original|augmented) file\nThe fields are: id, "
    ):
        people(before, before, **said)


def test_chinese_sentences_are_no_identifier():
    before = [{"性别": "男女"[i % 2], "简介": f"今年{20 + i}岁，喜欢读书"} for i in range(12)]
    assert named(before, before) is None
    assert people(before, before).left_out == {}


def test_in_what_the_versions_differ():
    before, after = bees(60)
    paths = ["nr", "Kaste", "garten.Blüten", "honig", "notiz"]
    found = differences(in_order(60), {"original": before, "augmented": after}, paths)
    # queens are 0, 9, 18 … 54: 7 of 60; of the others the even ones are drones: 30 - 4
    assert (found.n_pairs, dict(found.by_field)) == (60, {"Kaste": 7 + 26})
    assert [path for path in paths if found.changed(path)] == ["Kaste"]


def test_left_out_and_null_say_the_same():
    one, other = {"a": 1, "b": "N/A", "c": {"d": None}}, {"a": 1, "c": {}}
    found = differences([(0, 0)], {"original": [one], "augmented": [other]}, ["a", "b", "c.d"], NULLS)
    assert not found.by_field


def test_where_nearly_everything_differs_nothing_was_re_assigned():
    before, _ = bees(10)
    other = [{**one, "Kaste": "?", "honig": "0", "notiz": "?"} for one in before]
    paths = ["nr", "Kaste", "honig", "notiz"]
    found = differences(in_order(10), {"original": before, "augmented": other}, paths)
    assert not any(found.changed(path) for path in paths)


def test_a_number_that_counts_the_records_is_an_identifier_whatever_it_is_called():
    before = [person(i) | {"رقم": 1000 + i} for i in range(20)]
    before = [{key: one[key] for key in one if key != "id"} for one in before]
    after = [{**one, "sex": "mf"[i % 2]} for i, one in enumerate(before)]
    assert named(before, after) == (["رقم", "رقم"], in_order(20))


@pytest.mark.parametrize("written", ["P-{:03d}", "p-{:03d}_male", "aug/p-{:d}", "p-0{:03d}b"])
def test_ids_that_the_augmentation_wrote_otherwise(written):
    before = [person(i, id=f"p-{i:03d}") for i in range(20)]
    after = [person(i, id=written.format(i), sex="mf"[i % 2]) for i in range(20)]
    assert named(before, after[::-1]) == (["id", "id"], [(19 - i, i) for i in range(20)])
    both = [*after, *({**one, "id": f"{one['id']}x", "sex": "d"} for one in after)]
    assert identity(before, both).max_twins == {"original": 1, "augmented": 2}


def test_rows_of_waves_are_one_person_by_an_abbreviated_name():
    before = [person(i // 2, age=30 + i) | {"pid": i // 2, "wave": i % 2} for i in range(40)]
    before = [{key: one[key] for key in one if key != "id"} for one in before]
    after = [{**one, "sex": "mf"[one["pid"] % 2]} for one in before]
    found = identity(before, after[::-1])
    assert (found.path, found.n_shared) == ("pid", 20)
    assert found.max_twins == {"original": 2, "augmented": 2}


def test_a_field_that_holds_the_ids_is_worth_more_than_ids_written_otherwise():
    before = [person(i, id=f"p-{i:03d}") for i in range(20)]
    after = [{**person(i, id=f"p-{i:03d}b", sex="mf"[i % 2]), "orig_id": f"p-{i:03d}"} for i in range(20)]
    assert named(before, after) == (["id", "orig_id"], in_order(20))


@pytest.mark.parametrize("empty", [{}, {"own": {}}, {"own": {"tags": []}}])
def test_nothing_stays_of_an_object_whose_keys_are_all_left_out(empty):
    def before(i):
        return person(i, id={"own": {"ssn": f"123-45-{i:04d}", "tags": [{"ssn": f"321-45-{i:04d}"}]}})

    def after(i):
        return {**before(i), "sex": "mf"[i % 3 == 0], **({"id": empty} if i % 7 == 0 else {})}

    found = people([before(i) for i in range(60)], [after(i) for i in range(60)])
    assert {*found.left_out} >= {"id.own.ssn", "id.own.tags[].ssn"}
    assert all("id" not in record for c in CONDITIONS for record in found.given[c].records)


def test_an_object_stays_where_something_of_it_does():
    rows = [person(i, home={"phone": f"+49 30 {i:07d}", "floor": i % 3} if i % 2 else {}) for i in range(60)]
    found = people(rows, [{**row, "sex": "f"} for row in rows])
    assert [*found.left_out] == ["home.phone"]
    homes = [record["home"] for record in found.given["original"].records]
    assert homes == [row["home"] and {"floor": row["home"]["floor"]} for row in rows]
