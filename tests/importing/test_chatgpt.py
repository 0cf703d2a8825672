"""Conversations of ChatGPT: the branch that the page shows, and the texts on it."""

import json

from tests.importing.exports import PROFILE, attaching, chatgpt, says
from thesis.importing.chatgpt import is_conversation, turns
from thesis.importing.turns import Beside, Remark


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


def test_recognizes_its_own_export():
    assert is_conversation(chatgpt([])[0])
    assert not is_conversation({"chat_messages": []})
    assert not is_conversation([])


def call(recipient, text, kind="code"):
    content = (
        {"content_type": kind, "text": text} if kind == "code" else {"content_type": kind, "parts": [text]}
    )
    return says("assistant", "", recipient=recipient, content=content)


def test_a_canvas_whose_call_is_an_object_is_read():
    for create in ({"name": "n", "type": "code/json", "content": PROFILE}, json.dumps({"content": PROFILE})):
        made = call("canmore.create_textdoc", create, "text")
        [turn] = read(says("user", "?"), made, says("tool", "ok"), says("assistant", "Done {here}."))
        assert turn.answer == PROFILE


def test_a_canvas_whose_call_is_one_string_is_read():
    made = says("assistant", "", recipient="canmore.create_textdoc", content=json.dumps({"content": PROFILE}))
    [turn] = read(says("user", "?"), made, says("assistant", "Here it is."))
    assert turn.answer == PROFILE


def test_a_canvas_that_is_shown_and_not_in_the_export_is_no_answer():
    shown = says("assistant", "Here it is.", metadata={"canvas": {"textdoc_id": "x"}})
    [turn] = read(says("user", "?"), shown)
    assert (turn.answer, turn.beside) == ("", Beside.ELSEWHERE)


def test_a_canvas_of_an_earlier_turn_is_changed_as_it_stood():
    change = canvas("update_textdoc", updates=[{"pattern": ".*", "multiple": False, "replacement": PROFILE}])
    create = canvas("create_textdoc", name="n", content="draft")
    *_, turn = read(says("user", "?"), create, says("user", "?"), change, says("assistant", "Done."))
    assert turn.answer == PROFILE


def test_a_file_that_a_tool_writes_is_the_answer_or_a_reason():
    link = says("assistant", "Here: [Download](sandbox:/mnt/data/profile.json)")
    heredoc = f"cat > /mnt/data/profile.json <<'EOF'\n{PROFILE}\nEOF"
    shell = call("container.exec", json.dumps({"cmd": ["bash", "-lc", heredoc]}))
    [turn] = read(says("user", "?"), shell, says("tool", ""), link)
    assert turn.answer.strip() == PROFILE
    python = call("python", "json.dump(profile, open('/mnt/data/profile.json', 'w'))")
    for before in ([python, says("tool", "")], []):
        [turn] = read(says("user", "?"), *before, link)
        assert (turn.answer, turn.beside) == ("", Beside.ELSEWHERE)
    [turn] = read(says("user", "?"), call("python", "print(1 > 2)"), says("assistant", "I cannot."))
    assert turn.answer == "I cannot."


def test_the_model_is_that_of_the_message_or_else_of_the_conversation():
    plain = says("assistant", "a", metadata={})
    [turn] = read(says("user", "?"), plain, default_model_slug="gpt-5-thinking")
    assert turn.model == "gpt-5-thinking"
    [turn] = read(says("user", "?"), says("assistant", "a"), default_model_slug="gpt-5-thinking")
    assert turn.model == "gpt-5"


def test_content_that_is_one_string_is_read():
    for content in (
        PROFILE,
        {"content_type": "text", "parts": PROFILE},
        {"content_type": "text", "text": PROFILE},
    ):
        [turn] = read(says("user", "?"), says("assistant", "", content=content))
        assert turn.answer == PROFILE


def test_unknown_kinds_are_named_and_nothing_beside_them_is_taken():
    unknown = says("assistant", "", content={"content_type": "hologram", "data": "x"})
    [turn] = read(says("user", "?"), unknown, says("assistant", "See above."))
    assert (turn.answer, turn.beside, turn.unknown) == ("", Beside.UNKNOWN, ("message hologram",))
    [turn] = read(says("user", "?"), unknown, says("assistant", PROFILE))
    assert (turn.answer, turn.unknown) == (PROFILE, ("message hologram",))
    [turn] = read(says("user", "?"), says("critic", "psst"), says("assistant", PROFILE))
    assert (turn.answer, turn.unknown) == (PROFILE, ("role critic",))
    [turn] = read(says("user", "?"), call("carve.in_stone", "{}"), says("assistant", "It is done."))
    assert (turn.beside, turn.unknown) == (Beside.ELSEWHERE, ("tool carve.in_stone",))
    typed = {"content_type": "multimodal_text", "parts": [{"content_type": "smell"}, "?"]}
    [turn] = read(says("user", "", content=typed), says("assistant", "No."))
    assert (turn.answer, turn.unknown) == ("No.", ("part smell",))


def test_who_answers_and_under_which_instructions_is_remarked():
    def remarked(*before, **more):
        [turn] = read(*before, says("user", "?"), says("assistant", "a"), **more)
        return turn.remarks

    assert remarked() == remarked(gizmo_id=None) == ()
    assert remarked(gizmo_id="g-abc123", gizmo_type="gpt") == (Remark.CUSTOM,)
    assert remarked(gizmo_id="g-p-abc", gizmo_type="snorlax") == (Remark.PROJECT,)
    assert remarked(says("tool", "x", metadata={"gizmo_id": "g-abc"})) == (Remark.CUSTOM,)
    about = {"content_type": "user_editable_context", "user_profile": "", "user_instructions": "Be brief."}
    assert remarked(says("user", "", content=about)) == (Remark.INSTRUCTIONS,)
    assert remarked(says("user", "", content={**about, "user_instructions": ""})) == ()
    data = {"user_context_message_data": {"about_model_message": "Be brief."}, "is_user_system_message": True}
    assert remarked(says("system", "", metadata=data)) == (Remark.INSTRUCTIONS,)
    memories = {"content_type": "model_editable_context", "model_set_context": "Likes tea."}
    assert remarked(says("assistant", "", content=memories)) == (Remark.INSTRUCTIONS,)
