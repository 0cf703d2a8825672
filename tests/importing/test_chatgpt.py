"""Conversations of ChatGPT: the branch that is shown, and what is said on it."""

import json

from tests.importing.exports import attaching, chatgpt, says
from thesis.importing.chatgpt import is_conversation, turns
from thesis.importing.turns import Beside


def read(*messages, **more):
    [conversation] = chatgpt(list(messages), **more)
    return list(turns(conversation))


def test_a_turn_has_everything_but_the_title():
    [turn] = read(
        attaching("user", "asked", "profiles-1.json"), says("assistant", "answered"), title="secret"
    )
    assert (turn.conversation, turn.message, turn.asked) == ("conv-0", "m1", ("asked",))
    assert (turn.answer, turn.model, turn.attached) == ("answered", "gpt-5", ("profiles-1.json",))
    assert (turn.date, turn.first, turn.shown) == ("2026-01-01T00:00:00Z", True, True)
    assert "secret" not in repr(turn)


def test_consecutive_messages_are_one_answer():
    [first, second] = read(
        says("user", "one"),
        says("assistant", "a"),
        says("assistant", "b"),
        says("user", "two"),
        says("assistant", "c"),
    )
    assert (first.answer, second.answer) == ("a\n\nb", "c")
    assert (first.first, second.first) == (True, False)


def test_what_the_page_does_not_show_is_no_part_of_it():
    hidden = {"metadata": {"is_visually_hidden_from_conversation": True}}
    thoughts = {"content": {"content_type": "thoughts", "thoughts": [{"content": "thought"}]}}
    recap = {"content": {"content_type": "reasoning_recap", "content": "thought"}}
    [turn] = read(
        says("system", "system"),
        says(
            "user", "my instructions", content={"content_type": "user_editable_context", "user_profile": "x"}
        ),
        says("user", "hidden", **hidden),
        says("user", "asked"),
        says("assistant", "", **thoughts),
        says("assistant", "", **recap),
        says(
            "assistant", "print(1)", recipient="python", content={"content_type": "code", "text": "print(1)"}
        ),
        says("tool", "1"),
        says("assistant", "plan", channel="analysis"),
        says("assistant", "answered"),
        says("assistant", "hidden", **hidden),
    )
    assert (turn.asked, turn.answer, turn.first) == (("asked",), "answered", True)


def test_parts_that_are_objects_give_their_text():
    parts = [{"content_type": "image_asset_pointer", "asset_pointer": "x"}, "seen", {"text": "heard"}]
    [turn] = read(
        says("user", "?"), says("assistant", "", content={"content_type": "multimodal_text", "parts": parts})
    )
    assert turn.answer == "seen\n\nheard"


def test_code_that_is_shown_is_part_of_the_answer():
    code = {"content_type": "code", "language": "json", "text": '{"age": 34}'}
    [turn] = read(says("user", "?"), says("assistant", "", content=code))
    assert turn.answer == '{"age": 34}'


def test_citation_marks_are_left_out():
    said = "He is 34 \ue200cite\ue202turn0file0\ue201and tall【12†profiles-1.json】."
    [turn] = read(says("user", "?"), says("assistant", said))
    assert turn.answer == "He is 34 and tall."


def canvas(tool, **call):
    return says(
        "assistant",
        "",
        recipient=f"canmore.{tool}",
        content={"content_type": "code", "text": json.dumps(call)},
    )


def test_a_canvas_is_the_answer_where_the_text_has_none():
    create = canvas("create_textdoc", name="secret title", type="document", content='{"age": 3}')
    update = canvas("update_textdoc", updates=[{"pattern": "3", "replacement": "34"}])
    [turn] = read(says("user", "?"), create, says("tool", "ok"), update, says("assistant", "Done."))
    assert turn.answer == '{"age": 34}'
    [turn] = read(says("user", "?"), create, says("assistant", '{"age": 5}'))
    assert turn.answer == '{"age": 5}'


def test_a_canvas_that_cannot_be_put_together_is_none():
    update = canvas("update_textdoc", updates=[{"pattern": "a.*b", "replacement": "34"}])
    [turn] = read(says("user", "?"), update)
    assert (turn.answer, turn.beside) == ("", Beside.EDITS)


def test_regenerations_and_edits_are_turns_that_are_not_shown():
    [conversation] = chatgpt([says("user", "asked"), says("assistant", "kept")])
    mapping = conversation["mapping"]
    for name, parent, message in (
        ("again", "m0", says("assistant", "dropped")),
        ("thinking", "m0", says("assistant", "", content={"content_type": "thoughts"})),
        ("third", "thinking", says("assistant", "dropped too")),
        ("edited", "root", says("user", "asked before")),
        ("old", "edited", says("assistant", "old answer")),
    ):
        mapping[name] = {"id": name, "parent": parent, "message": {"id": name, **message}}
    found = list(turns(conversation))
    assert [(turn.asked[0], turn.message) for turn in found if turn.shown] == [("asked", "m1")]
    gone = {(turn.asked[0], turn.message) for turn in found if not turn.shown}
    assert gone == {("asked", "again"), ("asked", "third"), ("asked before", "old")}


def test_without_a_current_node_the_last_leaf_is_shown():
    [turn] = read(says("user", "asked"), says("assistant", "answered"), current_node=None)
    assert turn.answer == "answered"


def test_a_circle_ends():
    [conversation] = chatgpt([says("user", "asked"), says("assistant", "answered")])
    conversation["mapping"]["m0"]["parent"] = "m1"
    [turn] = [turn for turn in turns(conversation) if turn.shown]
    assert turn.asked == ("asked",)


def test_odd_values_are_no_answers():
    odd = says(
        "assistant", "", content={"content_type": "text", "parts": [None, 3, {"text": 4}]}, metadata=None
    )
    [turn] = read(says("user", "asked", create_time="soon", metadata=[]), odd)
    assert (turn.answer, turn.model, turn.date) == ("", None, None)
    [conversation] = chatgpt([])
    conversation["mapping"]["x"] = {"message": {"author": None, "content": "text"}, "parent": 3}
    assert list(turns(conversation)) == []


def test_an_id_that_is_a_text_becomes_a_hash():
    [turn] = read(says("user", "asked"), conversation_id="my private thoughts")
    assert "private" not in repr(turn)


def test_recognises_its_own_export():
    assert is_conversation(chatgpt([])[0])
    assert not is_conversation({"chat_messages": []})
    assert not is_conversation([])
