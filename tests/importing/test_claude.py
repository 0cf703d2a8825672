"""Conversations of Claude: blocks, artifacts, attachments, branches."""

import json

from tests.importing.exports import PROFILE, artifact, assistant, claude, human
from thesis.importing.claude import turns
from thesis.importing.turns import Beside, Remark


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
    human_, search = (
        {"sender": "human", "text": "?"},
        {"type": "tool_use", "name": "web_search", "input": {"query": "x"}},
    )
    [turn] = read(human_, {"sender": "assistant", "text": "Sure.", "content": []})
    assert (turn.asked, turn.answer) == (("?",), "Sure.")
    [turn] = read(human_, {"sender": "assistant", "text": unsupported, "content": []})
    assert (turn.answer, turn.beside) == ("", Beside.ELSEWHERE)
    made = artifact("create", content=PROFILE)
    [turn] = read(human_, {"sender": "assistant", "text": unsupported, "content": [made]})
    assert turn.answer == PROFILE
    [turn] = read(human_, {"sender": "assistant", "text": f"{unsupported}{PROFILE}", "content": [search]})
    assert turn.answer.endswith(PROFILE)


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


def test_content_that_arrives_as_one_string_is_read():
    blocks = [{"type": "thinking", "thinking": "x"}, {"type": "text", "text": PROFILE}]
    for content in (json.dumps(blocks), json.dumps(blocks[1]), PROFILE, [PROFILE], blocks[1]):
        [turn] = read(human("?"), {"sender": "assistant", "text": "", "content": content})
        assert turn.answer == PROFILE


def test_a_model_is_read_where_it_is_named():
    [conversation] = claude(
        [human("?"), assistant("one"), human("?"), {**assistant("two"), "model": "claude-b"}]
    )
    assert [turn.model for turn in turns({**conversation, "model": "claude-a"})] == ["claude-a", "claude-b"]


def test_unknown_blocks_and_senders_are_named_and_nothing_beside_them_is_taken():
    [turn] = read(human("?"), assistant({"type": "hologram", "data": "x"}, "See above."))
    assert (turn.answer, turn.beside, turn.unknown) == ("", Beside.UNKNOWN, ("block hologram",))
    [turn] = read(human("?"), assistant({"type": "hologram", "data": "x"}, PROFILE))
    assert (turn.answer, turn.unknown) == (PROFILE, ("block hologram",))
    [turn] = read(human("?"), {**assistant("psst"), "sender": "critic"}, assistant("No."))
    assert (turn.answer, turn.unknown) == ("", ("sender critic",))
    tool = {"type": "tool_use", "name": "carve_in_stone", "input": {"n": 1}}
    [turn] = read(human("?"), assistant(tool, "It is done."))
    assert (turn.beside, turn.unknown) == (Beside.ELSEWHERE, ("tool carve_in_stone",))


def test_an_unknown_sender_before_the_first_message_is_named():
    [turn] = read({**assistant("psst"), "sender": "system"}, human("?"), assistant(PROFILE))
    assert (turn.answer, turn.unknown, turn.first) == (PROFILE, ("sender system",), False)


def test_a_call_whose_input_arrives_as_text_is_read():
    made = artifact("create", content=PROFILE)
    as_text = json.dumps(made["input"])
    for call in ({**made, "input": as_text}, {**made, "input": None, "partial_json": as_text}):
        [turn] = read(human("?"), assistant(call, "Here it is."))
        assert turn.answer == PROFILE


def test_a_call_whose_input_is_not_there_is_no_answer():
    missing: list[object] = [{}, None, "", '{"command": "crea']
    for given in missing:
        [turn] = read(human("?"), assistant({**artifact("create"), "input": given}, "Here it is."))
        assert (turn.answer, turn.beside) == ("", Beside.ELSEWHERE)
    search = {"type": "server_tool_use", "name": "web_search", "input": {}}
    [turn] = read(human("?"), assistant(search, "I cannot."))
    assert turn.answer == "I cannot."


def test_a_call_that_failed_changes_nothing():
    made = {**artifact("create", content=PROFILE), "id": "t1"}
    failed = {**artifact("update", old_str="34", new_str="35"), "id": "t2"}
    result = {"type": "tool_result", "tool_use_id": "t2", "is_error": True}
    [turn] = read(human("?"), assistant(made, failed, result))
    assert turn.answer == PROFILE


def test_an_artifact_of_2024_stands_in_the_text():
    tag = f'<antArtifact identifier="p" type="application/json" title="T">{PROFILE}</antArtifact>'
    [turn] = read(
        human("?"), assistant(f"<antThinking>{{}} {{'a': 1}}</antThinking>Here it is: {tag} Enjoy.")
    )
    assert turn.answer == PROFILE


def test_a_file_that_is_presented_and_not_in_the_export_is_no_answer():
    present = {"type": "tool_use", "name": "present_files", "input": {"filepaths": ["/mnt/p.json"]}}
    [turn] = read(human("?"), assistant(present, "I saved it."))
    assert (turn.answer, turn.beside) == ("", Beside.ELSEWHERE)


def test_a_project_and_a_style_are_remarked():
    [conversation] = claude([{**human("?"), "personalized_styles": [{"name": "x"}]}, assistant("a")])
    [turn] = turns({**conversation, "project": {"uuid": "p"}})
    assert turn.remarks == (Remark.PROJECT, Remark.STYLE)
