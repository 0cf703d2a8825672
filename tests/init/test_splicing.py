"""YAML with new values in its old text."""

import yaml
from dvc.utils.hydra import apply_overrides
from hypothesis import given
from hypothesis import strategies as st

from stages.common.params import read_yaml, yaml_reader
from tests.tiny import ROOT
from thesis.init.drafts.splicing import Block, flow, spliced

TEXT = """\
# head
a:                    # why a
  n: 1                # of n
  units: []           # ["x"] reads x
  list:               # of list
    - {id: one,
       b: 2}
    - {id: two}
# tail
z: last
"""


def read(text):
    """What YAML 1.2 and 1.1 both read."""
    found = yaml_reader().load(text)
    assert repr(found) == repr(yaml.safe_load(text))
    return found


def test_comments_and_everything_else_stay():
    found = spliced(TEXT, {("a", "n"): 1200, ("a", "units"): ["Jahre"], ("z",): "yes"})
    expected = TEXT.replace("n: 1   ", "n: 1200").replace("units: []     ", "units: [Jahre]")
    assert found == expected.replace("z: last", "z: 'yes'")


def test_a_block_is_replaced_whole_and_what_follows_stays():
    found = spliced(TEXT, {("a", "list"): Block(["{id: three}", "{id: four}"])})
    assert read(found)["a"]["list"] == [{"id": "three"}, {"id": "four"}]
    assert found.endswith("    - {id: four}\n# tail\nz: last\n")
    assert read(spliced(TEXT, {("a", "list"): Block([])}))["a"]["list"] == []


def test_an_entry_of_a_list_is_found_by_its_place():
    assert read(spliced(TEXT, {("a", "list", 0, "b"): 3}))["a"]["list"][0] == {"id": "one", "b": 3}


VALUES = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(max_size=5), max_size=3)


@given(VALUES)
def test_any_value_comes_back_from_the_real_params(value):
    text = (ROOT / "params.yaml").read_text("utf-8")
    before = read(text)
    after = read(spliced(text, {("prepare", "numbers", "units"): value}))
    assert after["prepare"]["numbers"].pop("units") == value
    del before["prepare"]["numbers"]["units"]
    assert after == before


@given(st.dictionaries(st.text(), st.text() | st.booleans()))
def test_flow_is_one_line(value):
    assert "\n" not in flow(value)
    assert read(flow(value)) == value


LIKE_OTHERS = [
    "08",
    "010",
    "yes",
    "on",
    "2e-4",
    "1_0",
    "0o7",
    "1:30",
    "null",
    "~",
    "2026-11-20",
    "a: b",
    "# c",
]


def test_texts_like_numbers_and_words_stay_texts_when_dvc_rewrites_the_file(tmp_path):
    path = tmp_path / "params.yaml"
    text = (ROOT / "params.yaml").read_text("utf-8")
    path.write_text(spliced(text, {("prepare", "numbers", "units"): LIKE_OTHERS}), "utf-8")
    apply_overrides(str(path), ["prepare.seed=87"])
    assert read_yaml(path)["prepare"]["numbers"]["units"] == LIKE_OTHERS
