"""What is wrong with the two files, said at once."""

import json

import pytest

from stages.shell.errors import UserError
from tests.init.fakes import NULLS, bee, bees, given, quiet
from thesis.init.records.reading import Given, look, read_both


def write(folder, original, augmented):
    paths = {}
    for condition, content in (("original", original), ("augmented", augmented)):
        paths[condition] = folder / f"{condition}.json"
        if content is not None:
            text = content if isinstance(content, bytes) else json.dumps(content).encode()
            paths[condition].write_bytes(text)
    return paths


@pytest.mark.parametrize("form", ["array", "lines", "object", "bom"])
def test_every_form_that_prepare_reads(tmp_path, form):
    before, after = bees(4)
    texts = {
        "array": json.dumps(before).encode(),
        "lines": "\n".join(map(json.dumps, before)).encode(),
        "object": json.dumps({"version": 1, "bees": before}).encode(),
        "bom": b"\xef\xbb\xbf" + json.dumps(before).encode(),
    }
    found = read_both(write(tmp_path, texts[form], after), quiet)
    assert (found["original"].records, found["augmented"].records) == (before, after)


@pytest.mark.parametrize(
    ("original", "augmented", "said"),
    [
        (None, None, ["original.json: not found", "augmented.json: not found"]),
        ([bee(1)], None, ["augmented.json: not found"]),
        ([bee(1)], [bee(1)], ["--original and --augmented are the same"]),
        (b"[1, \xff]", b"", ["original.json: byte 4 is not UTF-8", "augmented.json: the file is empty"]),
        ("text", {"a": 1}, ["the top level is a text", "an object without an array (keys: a)"]),
        ([bee(1), 7], [bee(2)], ["record 2: is a number, not an object"]),
        ([{"a.b": 1}], [{"list": [{"c.d": 1}]}], ["'a.b': contains a dot", "'c.d': contains a dot"]),
        ([{"a": 1}], [{"b": 1}], ["no field in common", "original.json: a", "augmented.json: b"]),
    ],
)
def test_mistakes(tmp_path, original, augmented, said):
    with pytest.raises(UserError) as raised:
        read_both(write(tmp_path, original, augmented), quiet)
    assert [words for words in said if words not in str(raised.value)] == []


def test_the_same_file_twice(tmp_path):
    paths = write(tmp_path, [bee(1)], [bee(2)])
    with pytest.raises(UserError, match="are the same"):
        read_both({"original": paths["original"], "augmented": paths["original"]}, quiet)


def test_fields_of_two_shapes_are_all_named():
    both = given(3)
    both["augmented"] = Given(both["augmented"].path, [bee(1, garten="groß", summt=[{"a": 1}, 2])])
    with pytest.raises(UserError) as raised:
        look(both, NULLS, quiet)
    assert "garten: an object 3 times, a plain value 1 time" in str(raised.value)
    assert "summt: a list 1 time, a plain value 3 times" in str(raised.value)
    assert "summt[]: an object 1 time, a plain value 1 time" in str(raised.value)


def test_null_is_no_shape_of_its_own():
    both = given(3)
    both["augmented"] = Given(both["augmented"].path, [bee(1, garten=None, summt="N/A")])
    assert look(both, NULLS, quiet).parts["garten"].n_nulls == 1


def test_a_shape_of_its_own_is_named_by_record():
    both = given(9)
    records = [*both["original"].records]
    records[7] = {**records[7], "summt": ["ja"], "garten": []}
    both["original"] = Given(both["original"].path, records)
    with pytest.raises(UserError) as raised:
        look(both, NULLS, quiet)
    assert 'summt: a list 1 time, a plain value 17 times; a list in before.json, record 8: ["ja"]' in str(
        raised.value
    )
    assert "garten: an object 17 times, a list 1 time; a list in before.json, record 8: []" in str(
        raised.value
    )
    assert "write {} or null, not []" in str(raised.value)
