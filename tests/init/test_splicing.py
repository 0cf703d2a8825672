"""YAML with new values in its old text."""

import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.tiny import ROOT
from thesis.init.splicing import Block, flow, spliced

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


def test_comments_and_everything_else_stay():
    found = spliced(TEXT, {("a", "n"): 1200, ("a", "units"): ["Jahre"], ("z",): "yes"})
    expected = TEXT.replace("n: 1   ", "n: 1200").replace("units: []     ", "units: [Jahre]")
    assert found == expected.replace("z: last", "z: 'yes'")


def test_a_block_is_replaced_whole_and_what_follows_stays():
    found = spliced(TEXT, {("a", "list"): Block(["{id: three}", "{id: four}"])})
    assert yaml.safe_load(found)["a"]["list"] == [{"id": "three"}, {"id": "four"}]
    assert found.endswith("    - {id: four}\n# tail\nz: last\n")
    assert yaml.safe_load(spliced(TEXT, {("a", "list"): Block([])}))["a"]["list"] == []


def test_an_entry_of_a_list_is_found_by_its_place():
    assert yaml.safe_load(spliced(TEXT, {("a", "list", 0, "b"): 3}))["a"]["list"][0] == {"id": "one", "b": 3}


VALUES = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(max_size=5), max_size=3)


@given(VALUES)
def test_any_value_comes_back_from_the_real_params(value):
    text = (ROOT / "params.yaml").read_text("utf-8")
    before = yaml.safe_load(text)
    after = yaml.safe_load(spliced(text, {("prepare", "numbers", "units"): value}))
    assert after["prepare"]["numbers"].pop("units") == value
    del before["prepare"]["numbers"]["units"]
    assert after == before


@given(st.dictionaries(st.text(), st.text() | st.booleans()))
def test_flow_is_one_line(value):
    assert "\n" not in flow(value)
    assert yaml.safe_load(flow(value)) == value
