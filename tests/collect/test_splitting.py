"""Where the draws of a pasted answer stand, and what it says beside them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.collect.splitting import split

KEYS = {"name", "coat", "jobs"}
ANN, BOB = '{"name": "Ann", "coat": "red"}', '{"name": "Bob", "coat": "blue"}'


def texts(answer):
    return [piece.text for piece in split(answer, KEYS).pieces]


def ends(answer):
    return [piece.ended for piece in split(answer, KEYS).pieces]


LAYOUTS = {
    "list": f"[{ANN}, {BOB}]",
    "lines": f"{ANN}\n{BOB}\n",
    "wrapper": f'{{"profiles": [{ANN}, {BOB}]}}',
    "wrapper with more": f'{{"n": 2, "meta": {{"by": "me"}}, "profiles": [\n{ANN},\n{BOB}]}}',
    "two lists": f'{{"women": [{ANN}], "men": [{BOB}]}}',
    "wrapper in a wrapper's list": f'{{"sets": [{{"profiles": [{ANN}]}}, {{"profiles": [{BOB}]}}]}}',
    "fences": f"```json\n{ANN}\n```\n\n```\n{BOB}\n```",
    "fenced list": f"```json\n[\n  {ANN},\n  {BOB}\n]\n```",
    "buttons of a page": f"json\nCopy code\n[{ANN}, {BOB}]",
}


@pytest.mark.parametrize("answer", LAYOUTS.values(), ids=LAYOUTS)
def test_two_profiles_are_two_draws(answer):
    assert (texts(answer), ends(answer)) == ([ANN, BOB], ["closed", "closed"])


QUIET = set(LAYOUTS) - {"wrapper with more", "wrapper in a wrapper's list", "two lists"}


@pytest.mark.parametrize("layout", sorted(QUIET))
def test_fences_and_the_punctuation_of_a_list_are_not_text(layout):
    assert split(LAYOUTS[layout], KEYS).around == ""


@pytest.mark.parametrize(
    ("answer", "around"),
    [
        (
            f"Here are two:\n\n```json\n{ANN}\n```\nand\n```json\n{BOB}\n```\nEnjoy [1]",
            "Here are two:\nand\nEnjoy [1]",
        ),
        (f"**1. Ann**\n{ANN}\n---\n**2. Bob**\n{BOB}", "**1. Ann**\n---\n**2. Bob**"),
        (f'{{"note": "made up", "profiles": [{ANN}]}}', '"note": "made up"'),
        (f"I like {{braces}}. {ANN}", "I like {braces}."),
    ],
)
def test_what_the_answer_says_beside_its_objects(answer, around):
    assert split(answer, KEYS).around == around


def test_lists_within_a_profile_stay_in_it():
    ann = '{"name": "Ann", "jobs": [{"title": "cook"}, {"title": "nurse"}]}'
    assert texts(ann) == [ann]
    assert texts(f'{{"people": [{ann}, {BOB}]}}') == [ann, BOB]
    assert texts(ann[:-2] + ",}") == [ann[:-2] + ",}"]  # broken: still told by its keys


@pytest.mark.parametrize("answer", ["", " \n", "I can't help with that.", "[]", "See {the profile} and {…}."])
def test_an_answer_without_an_object_is_one_draw_as_it_is(answer):
    assert (texts(answer), ends(answer), split(answer, KEYS).around) == ([answer], ["closed"], "")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (f'{ANN}\n{{"name": "Bo', [ANN, '{"name": "Bo']),
        (f'[{ANN}, {{"na', [ANN, '{"na']),
        (f'{{"profiles": [{ANN}, {{"name": "Bo', [ANN, '{"name": "Bo']),
        (f"```json\n{{'profiles': [{ANN}, {{\n", [ANN, "{"]),
    ],
)
def test_an_answer_that_stops_within_an_object(answer, expected):
    assert (texts(answer), ends(answer)) == (expected, ["closed", "cut"])


def test_a_wrapper_that_stops_between_objects_cuts_no_object():
    assert (texts(f'{{"profiles": [{ANN}, '), ends(f'{{"profiles": [{ANN}, ')) == ([ANN], ["closed"])


def test_an_object_that_stops_in_its_own_list_is_one_cut_draw():
    torso = '{"name": "Ann", "jobs": [{"title": "cook"}, {"tit'
    assert (texts(torso), ends(torso)) == ([torso], ["cut"])


@pytest.mark.parametrize(
    "broken",
    ["{'name': 'Cem', 'coat': None}", '{"name": "Cem",}', '{name: "Cem"}', '{"name": "a", "name": "b"}'],
)
def test_a_broken_object_is_a_separate_draw(broken):
    assert texts(f"[{ANN}, {broken}, {BOB}]") == [ANN, broken, BOB]


ODD = '{"name": "Cem", "coat": "5" wide"}'


@pytest.mark.parametrize(
    "answer",
    [f"[{ANN}, {ODD}, {BOB}]", f'{{"profiles": [{ANN}, {ODD}, {BOB}]}}', f"{ANN}\n\n{ODD}\n{BOB}"],
    ids=["list", "wrapper", "lines"],
)
def test_an_extra_quotation_mark_swallows_no_other_profile(answer):
    assert (texts(answer), ends(answer)) == ([ANN, ODD, BOB], ["closed"] * 3)


PROFILES = st.lists(
    st.fixed_dictionaries(
        {"name": st.text(max_size=8), "coat": st.none() | st.integers()},
        optional={"jobs": st.lists(st.fixed_dictionaries({"title": st.text(max_size=4)}), max_size=2)},
    ),
    min_size=1,
    max_size=4,
)


@given(PROFILES, st.sampled_from([None, 2]), st.sampled_from(["list", "lines", "wrapper", "fences"]))
def test_every_profile_comes_back_whatever_the_layout(profiles, indent, layout):
    dumped = [json.dumps(profile, indent=indent, ensure_ascii=False) for profile in profiles]
    answer = {
        "list": json.dumps(profiles, indent=indent),
        "lines": "\n".join(dumped),
        "wrapper": json.dumps({"profiles": profiles}, indent=indent),
        "fences": "\n".join(f"```json\n{text}\n```" for text in dumped),
    }[layout]
    assert [json.loads(text) for text in texts(answer)] == profiles
    assert split(answer, KEYS).around == ""


@given(st.text(alphabet='{}[]":,\\ab n\n`', max_size=80))
def test_no_answer_raises_and_each_draw_is_a_stretch_of_it(answer):
    found = split(answer, KEYS)
    position = 0
    for piece in found.pieces:
        position = answer.index(piece.text, position) + len(piece.text)
    assert [piece.ended for piece in found.pieces[:-1]] == ["closed"] * (len(found.pieces) - 1)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("begin", ['{"x":[', "{", '{"a": "', '{"name": [{"a":'])
@pytest.mark.parametrize("end", ["", "]}"])
def test_endless_nesting_is_read_quickly(begin, end):
    assert len(split(begin * 3000 + end * 3000, KEYS).pieces) == 1


@pytest.mark.parametrize("last", ["", f'{{"profile": {BOB}}}'], ids=["torn", "whole"])
def test_a_thousand_torn_wrappers_are_a_thousand_draws(last):
    torn = ['{"profile": ' + '{"name": "Ann", "coat": "re\n'] * 1000
    found = texts("".join([*torn, last]))
    assert len(found) == 1000 + bool(last)
    assert set(found[:1000]) == {'{"name": "Ann", "coat": "re'}
