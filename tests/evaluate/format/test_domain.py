"""Values outside of the schema and of the training data: counted by hand."""

import pytest

from stages.common.records import Profile
from stages.common.tables.base import NotComputed
from stages.common.tables.format import DomainRow
from stages.evaluate.cells import cells_of
from stages.evaluate.format.domain import domain, domain_of
from stages.evaluate.rows import rows_of
from tests.evaluate.fakes import cat, draws, schema, study


def field_at(path):
    [field] = [field for field in schema().fields if field.path == path]
    return field


def lacks(path, values, value):
    return domain_of(field_at(path), [cat(**{path: known}) for known in values]).lacks(value)


@pytest.mark.parametrize(
    ("path", "values", "value", "outside"),
    [
        ("mice", [1, 5], 3, False),  # between numbers that occur
        ("mice", [1, 5], 5.0, False),
        ("mice", [1, 5], 6, True),
        ("mice", [1, 5], None, True),
        ("mice", [1, None], None, False),
        ("mice", [1, 5], "3", True),
        ("mice", [None], 3, True),
        ("breed", ["mix"], "mix", False),
        ("breed", ["mix"], "Mix", True),
        ("tame", [True], 1, True),
    ],
)
def test_what_is_outside_of_what_occurs(path, values, value, outside):
    assert lacks(path, values, value) == outside


@pytest.mark.parametrize(
    ("values", "n"),
    [
        ([1, 3, 5], 2),  # without 1, and without 5
        ([1, 1, 5], 1),
        ([1, 1, 5, 5], 0),
        ([7], 1),
        ([None, 2, 2], 1),
        ([None, None], 0),
    ],
)
def test_who_would_be_outside_of_all_others(values, n):
    field = field_at("mice")
    people = [cat(mice=value) for value in values]
    assert domain_of(field, people).n_alone() == n
    others = [[*people[:i], *people[i + 1 :]] for i in range(len(people))]
    each = [domain_of(field, rest).lacks(one["mice"]) for one, rest in zip(people, others, strict=True)]
    assert sum(each) == n


def test_rows_of_a_cell():
    # training: mice 3 six times, then 0, 1, 0, 9; homes: 8 outdoor, 2 indoor; breeds: mix alone
    texts: list[str | Profile] = [
        cat(mice=10),
        cat(mice=-1, home={"kind": "ship"}),
        cat(breed="siam", note=7),
        "{}",
        "",
    ]
    [cell] = cells_of(draws(*texts), study())
    found = {
        (row.field, row.outside, row.of): (row.n_outside, row.n)
        for row in rows_of(DomainRow, domain(cell, study()))
    }
    assert found["mice", "schema", "generated"] == (1, 3)
    assert found["mice", "training", "generated"] == (2, 3)
    assert found["mice", "training", "dataset"] == (1, 10)  # the one with 9; 0 is there twice
    assert found["home.kind", "schema", "generated"] == (0, 3)
    assert found["home.kind", "training", "generated"] == (1, 3)
    assert found["breed", "training", "generated"] == (1, 3)
    assert found["note", "schema", "generated"] == (1, 3)
    assert ("note", "training", "generated") not in found


def test_nothing_parsed_and_no_field_are_left_out():
    [cell] = cells_of(draws("no"), study())
    assert [row.reason for row in domain(cell, study()) if isinstance(row, NotComputed)] == [
        "no profile parsed"
    ]
    [cell] = cells_of(draws("{}"), study())
    rows = list(domain(cell, study()))
    assert {row.reason for row in rows_of(NotComputed, rows)} == {"no profile has the field"}
    assert len(rows) == len(schema().fields)
