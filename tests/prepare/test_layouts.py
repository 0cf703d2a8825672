"""The ways in which a file can hold records: read if nothing is lost, else refused with a message."""

import json
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.prepare.layouts import opened
from stages.prepare.reading import read_layout, read_raw
from stages.shell.errors import UserError

PEOPLE = [{"city": "north" if i % 2 else "south", "age": 20 + i, "ok": i % 3 == 0} for i in range(8)]
KEYS = [f"p-{i:03d}" for i in range(8)]
WITH_ID = [{"id": key, **one} for key, one in zip(KEYS, PEOPLE, strict=True)]
FRAME, INDEXED = pd.DataFrame(PEOPLE), pd.DataFrame(PEOPLE, index=KEYS)


@pytest.fixture
def read(tmp_path):
    def reader(content):
        path = tmp_path / "a.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return read_layout(path)

    return reader


@pytest.mark.parametrize("orient", ["records", "columns", "index", "split", "table"])
def test_pandas_orientations(read, orient):
    assert read(FRAME.to_json(orient=orient)).values == PEOPLE


@pytest.mark.parametrize("orient", ["columns", "index", "split"])
def test_an_index_with_names_becomes_the_id(read, orient):
    assert read(INDEXED.to_json(orient=orient)).values == WITH_ID


def test_an_id_that_the_records_have_already_is_not_added(read):
    assert read({one["id"]: one for one in WITH_ID}).values == WITH_ID
    other = [{"id": 10 * i, **one} for i, one in enumerate(PEOPLE)]
    assert read(dict(zip(KEYS, other, strict=True))).values[0] == {"key": "p-000", **other[0]}


def test_objects_one_after_another_are_lines_whatever_their_breaks(read):
    assert read("\n".join(json.dumps(one, indent=2) for one in PEOPLE)).values == PEOPLE
    assert read(" ".join(map(json.dumps, PEOPLE))).values == PEOPLE
    with pytest.raises(UserError, match=r"line 3, a: NaN is not JSON"):
        read('{\n"b": 1} \n{"a": NaN}')


def test_people_in_an_object_in_an_object(read):
    assert read({"data": {"results": {"people": PEOPLE}}}).values == PEOPLE


def test_lists_by_field_and_people_below_other_keys(read):
    assert read(FRAME.to_dict(orient="list")).values == PEOPLE
    assert read({"version": 1, "people": dict(zip(KEYS, PEOPLE, strict=True))}).values == WITH_ID


@given(st.integers(3, 9), st.integers(2, 6), st.booleans())
def test_people_are_distinguished_from_fields_by_kind_and_number(n_people, n_fields, by_field):
    """The fields are of different kinds, so only people resemble each other."""
    values = [lambda i: i, lambda i: f"t{i}", lambda i: i % 2 == 0]
    people = [{f"f{j}": values[j % 3](i) for j in range(n_fields)} for i in range(n_people)]
    frame = pd.DataFrame(people, index=[f"k{i}" for i in range(n_people)], dtype=object)
    found = opened(json.loads(frame.to_json(orient="columns" if by_field else "index")))
    assert found.values == [{"id": f"k{i}", **one} for i, one in enumerate(people)]


PROFILES = [json.dumps(one) for one in PEOPLE]
ROWS: dict[str, list[dict[str, Any]]] = {
    "alpaca": [{"instruction": "Describe", "input": "", "output": text} for text in PROFILES],
    "prompt": [{"prompt": "Describe", "completion": text} for text in PROFILES],
    "chat": [
        {"messages": [{"role": "user", "content": "Go"}, {"role": "assistant", "content": text}]}
        for text in PROFILES
    ],
    "sharegpt": [
        {"conversations": [{"from": "human", "value": "Go"}, {"from": "gpt", "value": text}]}
        for text in PROFILES
    ],
}


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_profiles_in_instruction_rows(read, rows):
    assert read(rows).values == PEOPLE
    assert "instruction rows" in read(rows).note


def test_instruction_rows_that_would_lose_something_are_refused(read):
    differ = [{**row, "instruction": f"a person of {i}"} for i, row in enumerate(ROWS["alpaca"])]
    with pytest.raises(
        UserError, match=r"instruction rows .instruction, input, output.(.|\n)*Give the profiles"
    ):
        read(differ)
    with pytest.raises(UserError, match="record 2: the answer is no profile"):
        read([ROWS["alpaca"][0], {**ROWS["alpaca"][1], "output": "A kind man."}])


@pytest.mark.parametrize(
    "text",
    [
        "// people\n{}",
        "/* people\n of a town */ {}",
        "# people\n{}",
        "{} // the end",
    ],
)
def test_comments_are_left_out(read, text):
    people = [{"link": "http://a//b", "note": "# /* no comment */"}, *PEOPLE]
    assert read(text.replace("{}", json.dumps(people))).values == people


def test_a_comment_moves_no_line(read):
    with pytest.raises(UserError, match=r"a\.json:3:8: not JSON"):
        read('// one\n[{"a": 1}, // two\n {"a": x}]')


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[{"a": 1}, {"b": {"c": [NaN]}}]', ["record 2, b.c.0: NaN is not JSON; write null"]),
        (
            '[{"a": 1, "a": 2}, {"a": 1e999}]',
            ["record 1, a: the object has", "record 2, a: 1e999 is too large"],
        ),
        ('{"a": 1}\n{"a": -Infinity}', ["line 2, a: -Infinity is not JSON"]),
        ({f"key {i}": i for i in range(891)}, ["key 0, key 1, key 2, key 3, key 4 and 886 more"]),
        ({"train": PEOPLE, "test": PEOPLE}, ["an object with 2 arrays (train, test)"]),
        ('[{"a": 1},]', ["a.json:1:11: not JSON: a "]),
        ("[{'a': 1}]", ["a.json:1:3: not JSON: a key in double quotes", "Write it with json.dump"]),
        ({"columns": ["a", "b"], "data": [[1, 2], [3]]}, ["row 2 has not 2 values"]),
    ],
)
def test_refusals_name_the_place_and_never_every_key(read, content, said):
    with pytest.raises(UserError) as raised:
        read(content)
    assert [words for words in said if words not in str(raised.value)] == []
    assert len(str(raised.value)) < 600


@pytest.mark.parametrize("depth", [33, 60, 100, 900, 100_000])
def test_deep_nesting_is_refused_with_a_message(tmp_path, depth):
    inner = '{"x": ' * depth + "1" + "}" * depth
    (tmp_path / "a.json").write_text(f'[{{"id": 1}}, {{"deep": {inner}}}]')
    with pytest.raises(UserError, match="nest"):
        read_raw(tmp_path / "a.json")


def test_deep_nesting_names_record_and_key(read):
    with pytest.raises(UserError, match=r"record 2, deep: more than 32 levels"):
        read('[{"id": 1}, {"deep": ' + '{"x": ' * 100 + "1" + "}" * 100 + "}]")
