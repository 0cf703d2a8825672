"""Conversations of Claude: blocks, artifacts, attachments, branches."""

from tests.importing.exports import PROFILE, artifact, assistant, claude, human
from thesis.importing.claude import turns
from thesis.importing.turns import Beside


def read(*messages):
    [conversation] = claude(list(messages), name="secret")
    return list(turns(conversation))


def test_a_turn_has_everything_but_the_name():
    [turn] = read(human("asked", "profiles-1.json"), assistant("answered"))
    assert (turn.conversation, turn.message, turn.asked[0]) == ("conv-0", "m1", "asked")
    assert (turn.answer, turn.model, turn.attached) == ("answered", None, ("profiles-1.json",))
    assert (turn.date, turn.first) == ("2026-01-01T00:00:09Z", True)
    assert "secret" not in repr(turn)


def test_thoughts_and_tools_are_no_part_of_the_answer():
    blocks = ({"type": "thinking", "thinking": "x"}, {"type": "tool_result", "content": [{"text": "x"}]})
    search = {"type": "tool_use", "name": "web_search", "input": {"query": "x"}}
    [turn] = read(human("?"), assistant(*blocks, search, "one", "two"))
    assert turn.answer == "one\n\ntwo"


def test_older_exports_have_the_text_alone():
    unsupported = "Sure.\n```\nThis block is not supported on your current device yet.\n```"
    [turn] = read(
        {"sender": "human", "text": "?"}, {"sender": "assistant", "text": unsupported, "content": []}
    )
    assert (turn.asked, turn.answer) == (("?",), "Sure.")


def test_an_artifact_is_the_answer_where_the_text_has_no_profile():
    made = assistant("Here it is.", artifact("create", content='{"age": 3}'))
    changed = assistant(artifact("update", old_str="3", new_str="34"))
    [turn] = read(human("?"), made, changed)
    assert turn.answer == PROFILE
    [turn] = read(
        human("?"), assistant(artifact("create", content="{}"), artifact("rewrite", content=PROFILE))
    )
    assert turn.answer == PROFILE
    [turn] = read(human("?"), assistant(PROFILE, artifact("create", content=PROFILE)))
    assert turn.answer == PROFILE


def test_a_file_that_was_made_counts_as_an_artifact():
    call = {"type": "tool_use", "name": "create_file", "input": {"path": "p.json", "file_text": PROFILE}}
    [turn] = read(human("?"), assistant("Done.", call))
    assert turn.answer == PROFILE


def test_an_artifact_of_an_earlier_turn_is_changed_as_it_stood():
    change = assistant("Changed.", artifact("update", old_str="3", new_str="34"))
    *_, turn = read(human("?"), assistant(artifact("create", content='{"age": 3}')), human("older"), change)
    assert turn.answer == PROFILE


def test_a_change_to_an_artifact_that_is_not_known_cannot_be_put_together():
    change = assistant("Changed.", artifact("update", old_str="3", new_str="34"))
    [turn] = read(human("?"), change)
    assert (turn.answer, turn.beside) == ("", Beside.EDITS)


def test_a_long_text_that_became_an_attachment_was_asked():
    pasted = {"file_name": "paste.txt", "extracted_content": "long text"}
    [turn] = read(human("", content=[], attachments=[pasted]), assistant("answered"))
    assert "long text" in turn.asked


def test_the_branch_of_the_last_message_is_shown():
    def at(message, uuid, parent):
        return {**message, "uuid": uuid, "parent_message_uuid": parent}

    root = "00000000-0000-4000-8000-000000000000"
    listed = [
        at(human("asked"), "u", root),
        at(assistant("first"), "a1", "u"),
        at(assistant("again"), "a2", "u"),
    ]
    found = read(*listed)
    assert [(turn.answer, turn.message) for turn in found if turn.shown] == [("again", "a2")]
    assert [turn.message for turn in found if not turn.shown] == ["a1"]


def test_odd_values_are_no_answers():
    odd = {
        "sender": "assistant",
        "text": 3,
        "content": [None, {"type": "text"}, {"type": "tool_use", "input": 1}],
    }
    [turn] = read({"sender": "human", "text": "?", "content": "x", "attachments": {}, "files": [3]}, odd)
    assert turn.answer == ""
