"""Canvases of ChatGPT whose texts are in the conversation's list `textdocs`."""

import pytest

from tests.importing.exports import PROFILE, says
from tests.importing.test_chatgpt import canvas, read
from thesis.importing.turns import Beside

OTHER = '{"age": 99}'
ASKED, SENTENCE = says("user", "?"), says("assistant", "I made the profile in a canvas.")


def doc(id_, content):
    return {"id": id_, "title": "A title", "content": content}


def shows(id_, role="assistant"):
    return says(role, "Here it is.", metadata={"canvas": {"textdoc_id": id_}})


@pytest.mark.parametrize("role", ["assistant", "tool"])
def test_the_canvas_that_a_message_names_is_the_answer(role):
    [turn] = read(ASKED, shows("a", role), SENTENCE, textdocs=[doc("b", OTHER), doc("a", PROFILE)])
    assert (turn.answer, turn.beside) == (PROFILE, None)


@pytest.mark.parametrize("messages", [[shows("x"), SENTENCE], [SENTENCE]])
def test_the_only_canvas_there_is_is_meant(messages):
    [turn] = read(ASKED, *messages, textdocs=[doc("a", PROFILE)])
    assert (turn.answer, turn.beside) == (PROFILE, None)


@pytest.mark.parametrize("messages", [[shows("x")], [shows(None)], [SENTENCE]])
def test_several_canvases_of_which_none_is_named_are_a_reason(messages):
    [turn] = read(ASKED, *messages, textdocs=[doc("a", PROFILE), doc("b", OTHER)])
    assert (turn.answer, turn.beside) == ("", Beside.WHICH)
    [turn] = read(ASKED, *messages, says("assistant", OTHER), textdocs=[doc("a", PROFILE), doc("b", OTHER)])
    assert (turn.answer.endswith(OTHER), turn.beside) == (True, None)


def test_the_last_state_stands_in_the_place_of_what_the_calls_wrote():
    create = canvas("create_textdoc", name="Profile", content="draft {")
    update = canvas("update_textdoc", updates=[{"pattern": "a.*b.*", "replacement": "x"}])
    [turn] = read(ASKED, create, update, shows("a", "tool"), SENTENCE, textdocs=[doc("a", PROFILE)])
    assert turn.answer == PROFILE
    [turn] = read(ASKED, create, update, shows("a"), textdocs=[doc("a", PROFILE), doc("b", OTHER)])
    assert turn.answer == PROFILE


def test_an_earlier_answer_is_not_what_a_later_message_made_of_its_canvas():
    create = [canvas("create_textdoc", name="Profile", content=PROFILE), shows("a", "tool")]
    first, second = read(ASKED, *create, says("user", "Older!"), shows("a"), textdocs=[doc("a", OTHER)])
    assert (first.answer, second.answer) == (PROFILE, OTHER)
    first, second = read(ASKED, shows("a"), says("user", "Older!"), shows("a"), textdocs=[doc("a", OTHER)])
    assert (first.answer, first.beside, second.answer) == ("", Beside.ELSEWHERE, OTHER)


def test_a_canvas_that_no_message_names_answers_where_nothing_else_does():
    made = [says("user", "one"), says("assistant", OTHER), says("user", "two"), SENTENCE]
    assert [turn.answer for turn in read(*made, textdocs=[doc("a", PROFILE)])] == [OTHER, PROFILE]
    made[1] = SENTENCE
    assert [turn.beside for turn in read(*made, textdocs=[doc("a", PROFILE)])] == [Beside.WHICH] * 2


@pytest.mark.parametrize("content", ["", None, 3])
def test_an_empty_canvas_is_no_answer_and_the_sentence_is_none(content):
    [turn] = read(ASKED, shows("a"), textdocs=[doc("a", content)])
    assert (turn.answer, turn.beside) == ("", Beside.ELSEWHERE)


def test_a_canvas_that_a_tool_names_leaves_no_sentence_alone():
    [turn] = read(ASKED, shows("a", "tool"), SENTENCE)
    assert (turn.answer, turn.beside) == ("", Beside.ELSEWHERE)


def test_a_change_that_does_not_fit_offers_no_other_document():
    create = [canvas("create_textdoc", name=name, content=text) for name, text in (("b", OTHER), ("a", "x"))]
    update = canvas("update_textdoc", updates=[{"pattern": "y", "replacement": "z"}])
    *_, turn = read(ASKED, *create, says("user", "Change it"), update, shows("a", "tool"), SENTENCE)
    assert (turn.answer, turn.beside) == ("", Beside.EDITS)
