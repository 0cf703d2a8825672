""" "Branch in new chat" copies messages with their ids: an answer counts once, in its first conversation."""

import itertools
import json
from typing import Any

import pytest
import yaml

from tests.importing.exports import PROFILE, as_file, says
from tests.importing.test_import import FREE, imported

A, B, C = (f"{n}919eca9-1470-8332-a4c6-000000000001" for n in (6, 7, 8))


def long_id(name):
    return f"{name}-0000-7000-8000-000000000000-0000"


def chat(conversation, *messages, copied=0, source=None):
    """A chat whose first messages are copied from another one, which they name if `source` is given."""
    mapping: dict[str, Any] = {"root": {"id": "root", "message": None, "parent": None}}
    parent = "root"
    for place, (id_, message) in enumerate(messages):
        message = json.loads(json.dumps(message))
        if source and place == copied - 1:
            message["metadata"]["branching_from_conversation_id"] = source
        mapping[id_] = {"id": id_, "parent": parent, "message": {"id": id_, **message}}
        parent = id_
    return {"conversation_id": conversation, "current_node": parent, "mapping": mapping}


@pytest.fixture
def asked(texts):
    return [("u1", says("user", texts[FREE])), ("a1", says("assistant", PROFILE))]


def headers(project, found):
    return [yaml.safe_load((project / path).read_text().split("---\n")[1]) for path in found["written"]]


def test_an_answer_that_was_copied_into_branches_counts_once_whatever_their_order(project, downloads, asked):
    more = [("u2", says("user", "And the job?")), ("a2", says("assistant", "A nurse."))]
    chats = [
        chat(A, *asked),
        chat(B, *asked, *more, copied=2, source=A),
        chat(C, *asked, *more, ("u3", says("user", "Thanks")), copied=4, source=B),
    ]
    for number, order in enumerate(itertools.permutations(chats)):
        file = as_file(downloads / f"{number}/conversations.json", list(order))
        found = imported(file, "chatgpt", "--dry-run")
        assert sum(row["exact"] for row in found["found"]) == 1
        assert list(found["left"].values()) == [2]
    [header] = headers(project, imported(as_file(downloads / "c.json", chats[::-1]), "chatgpt"))
    assert (header["conversation"], header["message"]) == (A, "a1")


def test_what_is_asked_in_a_branch_hangs_together_with_the_original(project, downloads, asked, texts):
    again = [
        ("u4", says("user", texts["not-in-labor-force", "none"])),
        ("a4", says("assistant", '{"age": 50}')),
    ]
    file = as_file(downloads / "c.json", [chat(B, *asked, *again, copied=2, source=A), chat(A, *asked)])
    found = imported(file, "chatgpt")
    assert [header["conversation"] for header in headers(project, found)] == [A, A]
    assert (
        "1: not the first message of its conversation: it may have followed what came before"
        in found["remarks"]
    )


def test_branches_of_a_conversation_that_was_deleted_hang_together(project, downloads, asked, texts):
    def again(name):
        return [
            (f"u{name}", says("user", texts["not-in-labor-force", "none"])),
            (f"a{name}", says("assistant", name)),
        ]

    chats = [
        chat(C, *asked, *again("x"), copied=2, source=A),
        chat(B, *asked, *again("y"), copied=2, source=A),
    ]
    found = imported(as_file(downloads / "c.json", chats), "chatgpt")
    assert [header["conversation"] for header in headers(project, found)] == [A, A, A]


def test_copies_without_a_mark_are_known_by_the_first_message(project, downloads, asked):
    asked = [(long_id(id_), message) for id_, message in asked]
    found = imported(as_file(downloads / "c.json", [chat(B, *asked), chat(A, *asked)]), "chatgpt")
    [header] = headers(project, found)
    assert header["conversation"] == A


def test_equal_ids_of_conversations_that_have_nothing_else_in_common_are_two_answers(
    project, downloads, asked
):
    found = imported(as_file(downloads / "c.json", [chat(A, *asked), chat(B, *asked)]), "chatgpt")
    assert len(found["written"]) == 2


def test_new_messages_with_equal_ids_are_not_taken_for_copies(project, downloads, asked, texts):
    def again(text):
        return [("u2", says("user", texts["not-in-labor-force", "none"])), ("a2", says("assistant", text))]

    chats = [chat(A, *asked, *again("x")), chat(B, *asked, *again("y"), copied=2, source=A)]
    assert len(imported(as_file(downloads / "c.json", chats), "chatgpt")["written"]) == 3


def test_an_answer_that_the_original_does_not_show_any_more_is_taken_from_the_branch(
    project, downloads, asked
):
    original = chat(A, *asked)
    original["mapping"]["again"] = {"id": "again", "parent": "u1", "message": says("assistant", '{"age": 5}')}
    original["current_node"] = "again"
    found = imported(
        as_file(downloads / "c.json", [original, chat(B, *asked, copied=2, source=A)]), "chatgpt"
    )
    assert {header["conversation"] for header in headers(project, found)} == {A}
    assert len(found["written"]) == 2


def test_a_branch_in_a_later_export_is_not_written_again(project, downloads, asked):
    imported(as_file(downloads / "1.json", [chat(A, *asked)]), "chatgpt")
    later = as_file(downloads / "2.json", [chat(B, *asked, copied=2, source=A), chat(A, *asked)])
    assert imported(later, "chatgpt")["written"] == []


def test_an_answer_that_was_imported_under_the_branch_is_not_written_again(project, downloads, asked):
    imported(as_file(downloads / "1.json", [chat(B, *asked)]), "chatgpt")
    later = as_file(downloads / "2.json", [chat(B, *asked, copied=2, source=A), chat(A, *asked)])
    assert imported(later, "chatgpt")["written"] == []
