"""Remarks beside the table: what may spoil a draw, what was not taken, and why."""

import json

import pytest

from tests.importing.exports import (
    PROFILE,
    artifact,
    as_file,
    assistant,
    attaching,
    chatgpt,
    claude,
    human,
    says,
    zip_of,
)
from tests.importing.test_import import FREE, imported, run
from thesis.importing import stream
from thesis.importing.turns import Unread

OTHER = '{"age": 35}'


@pytest.fixture
def export(project, downloads, texts):
    def made(*messages, source="chatgpt", **more):
        chats = chatgpt(list(messages), **more) if source == "chatgpt" else claude(list(messages))
        return as_file(downloads / "conversations.json", chats)

    return made


def test_further_profiles_that_follow_are_said(export, texts):
    answers = [
        '{"age": 21, "gender": "female"}',
        '{"age": 22, "gender": "male"}',
        "{'age': 23, 'gender': 'male'",
    ]
    messages = [says("user", texts[FREE]), says("assistant", answers[0])]
    for text in answers[1:]:
        messages += [says("user", "Give me another one."), says("assistant", text)]
    code = [says("user", "Now some code"), says("assistant", '{"rules": {"indent": 2, "quotes": "x"}}')]
    found = imported(export(*messages[:4], *code), "chatgpt", "--dry-run")
    assert found["remarks"] == ["1: 1 more answer with a profile follows it, to other messages: not taken"]
    found = imported(export(*messages), "chatgpt")
    assert found["remarks"] == ["1: 2 more answers with a profile follow it, to other messages: not taken"]
    assert len(found["written"]) == 1


@pytest.mark.parametrize(
    ("condition", "names", "n"),
    [
        ("none", ["cv.pdf"], 1),
        ("none", ["Pasted text.txt"], 0),
        ("original", ["profiles-1 (2).json"], 0),
        ("original", ["profiles-1.json", "cv.pdf"], 1),
    ],
)
def test_an_unrelated_file_is_remarked(export, texts, condition, names, n):
    asked = attaching("user", texts["free-profile", condition], *names)
    found = imported(export(asked, says("assistant", PROFILE)), "chatgpt")
    assert found["remarks"] == ["1: a file was attached that is not one of the study"] * n


def test_a_custom_gpt_is_remarked(export, texts):
    file = export(says("user", texts[FREE]), says("assistant", PROFILE), gizmo_id="g-1", gizmo_type="gpt")
    assert "Look at 1: answered by a custom GPT" in run(file, "--source", "chatgpt").stdout


@pytest.mark.parametrize(
    ("texts_made", "n"),
    [([PROFILE], 0), ([PROFILE, PROFILE], 0), ([PROFILE, "A note."], 0), ([PROFILE, OTHER], 1)],
)
def test_several_documents_of_one_answer_are_remarked(project, downloads, texts, texts_made, n):
    made = [artifact("create", id=f"d{place}", content=text) for place, text in enumerate(texts_made)]
    chats = claude([human(texts[FREE]), assistant(*made, "Done.")])
    found = imported(as_file(downloads / "c.json", chats), "claude")
    said = "1: several documents with a profile beside one answer: all of them are taken, each as a draw"
    assert found["remarks"] == [said] * n
    assert len(found["written"]) == 1


def test_found_but_unanswered_is_not_the_same_as_not_found(export, texts):
    shown = run(export(says("user", texts[FREE])), "--source", "chatgpt").stdout
    assert "Not taken, 1: without an answer" in shown
    assert "1 prompt of data/prompts.yaml found, but no answer that can be taken: see above." in shown
    assert "No prompt" not in shown
    shown = run(export(says("user", "hello"), says("assistant", "hi")), "--source", "chatgpt").stdout
    assert "No prompt of data/prompts.yaml is in it." in shown


def test_unknown_kinds_are_counted_in_the_whole_export_without_a_private_word(export, texts):
    unknown = says("assistant", "", content={"content_type": "holo\x1bgram", "data": "secret"})
    file = export(
        says("user", "hello"), unknown, says("user", texts[FREE]), unknown, says("assistant", "See above.")
    )
    found = imported(file, "chatgpt")
    assert found["unknown"] == {"message hologram": 2}
    assert [reason.split(":")[0] for reason in found["left"]] == [
        "answered by a message of a kind that is not known (named below)"
    ]
    shown = run(file, "--source", "chatgpt").stdout
    assert "Not known, 2: message hologram" in shown
    assert "secret" not in shown


def test_one_large_conversation_does_not_stop_the_others(project, downloads, texts, monkeypatch):
    monkeypatch.setattr(stream, "MAX_ITEM_BYTES", 200_000)
    small = [says("user", texts[FREE]), says("assistant", PROFILE)]
    chats = chatgpt(small, [says("user", "x" * 10**6)], small)
    found = imported(zip_of(downloads / "e.zip", {"conversations.json": chats}), "chatgpt")
    assert len(found["written"]) == 2
    [left] = found["left"]
    assert left.startswith("conversation 2 of e.zip/conversations.json, larger than")


def test_bytes_of_broken_surrogates_are_read(project, downloads, texts):
    halves = "😂".encode("utf-16-le").decode("utf-16-le", "surrogatepass")
    chats = json.dumps(
        chatgpt([says("user", texts[FREE]), says("assistant", f"😂 \ud83d {PROFILE}")]), ensure_ascii=False
    )
    content = chats.encode("utf-8", "surrogatepass").replace("😂".encode(), b"\xed\xa0\xbd\xed\xb8\x82")
    file = downloads / "conversations.json"
    file.write_bytes(content)
    [path] = imported(file, "chatgpt")["written"]
    assert (project / path).read_text("utf-8").endswith(f"{halves} \ufffd {PROFILE}")


def test_a_pasted_prompt_that_became_an_attachment_is_no_unrelated_file(project, downloads, texts):
    pasted = {"file_name": "paste.txt", "extracted_content": texts[FREE]}
    chats = claude([human("", content=[], attachments=[pasted]), assistant(PROFILE)])
    found = imported(as_file(downloads / "c.json", chats), "claude")
    assert (found["remarks"], len(found["written"])) == ([], 1)


def test_messages_of_an_unknown_shape_are_counted(project, downloads, texts):
    [chat] = chatgpt([says("user", texts[FREE]), says("assistant", PROFILE)])
    chat["mapping"] |= {"x": 3, "y": {"message": "text"}}
    found = imported(as_file(downloads / "a.json", [chat]), "chatgpt", "--dry-run")
    assert found["left"] == {str(Unread.MESSAGE): 2}
    [chat] = claude([human(texts[FREE]), assistant(PROFILE)])
    chat["chat_messages"] += [None]
    found = imported(as_file(downloads / "b.json", [chat]), "claude", "--dry-run")
    assert found["left"] == {str(Unread.MESSAGE): 1}
