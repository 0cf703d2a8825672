"""Where a field does not tell who is who: by content, by place, or by asking."""

import random

import pytest

from stages.shell.errors import UserError
from tests.init.fakes import files, quiet
from tests.init.test_twins import bare, invented, re_assigned, with_ids
from thesis.init.people.ties import Settled
from thesis.init.settling import Doubt, settled_draft

pytestmark = pytest.mark.usefixtures("workspace")


def draft(before, after, **said):
    return settled_draft(files(bare(before), bare(after)), quiet, Settled(**said))


def test_other_people_under_the_same_numbers_are_asked_for():
    rng = random.Random(1)
    before, after = (with_ids(invented(30, rng), range(30)) for _ in range(2))
    with pytest.raises(Doubt, match="The two files do not tell who is who") as doubt:
        draft(before, after)
    assert isinstance(doubt.value, UserError)
    assert "(--id id)" in str(doubt.value)
    assert "(--pair-by FIELD)" in str(doubt.value)
    first, second = doubt.value.choices
    assert draft(before, after, id=first.settled.id).n_shared == 30
    assert draft(before, after, id=second.settled.id).identity is None


def test_an_own_number_in_each_file_gives_way_to_all_other_fields():
    rng = random.Random(2)
    before = with_ids(invented(30, rng), range(30))
    after = with_ids([re_assigned(row, rng) for row in rng.sample(before, 30)], range(30))
    after = [{**row, "id": i} for i, row in enumerate(after)]
    found = draft(before, after)
    assert (found.identity, found.n_shared) == (None, 30)
    assert [*found.people.left_out] == ["id"]


def test_people_in_the_same_order_are_told_by_their_place_where_their_content_changed():
    rng = random.Random(3)
    before = invented(30, rng)
    found = draft(before, [{**re_assigned(row, rng), "town": rng.choice("abcdefgh")} for row in before])
    assert found.identity is not None
    assert (found.identity.path, found.n_shared) == ("person", 30)
