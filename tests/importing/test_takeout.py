"""Which files of a Takeout are read: told by what stands in them, in a zip, in a folder, in two formats."""

import json
from typing import Any

import pytest

from tests.importing.exports import PROFILE, activity, as_file, cell, page, zip_of
from tests.importing.test_import import imported, refused

FOLDER = "Takeout/My Activity/Gemini Apps"
NAME = "profiles-1-1f2e3d4c5b6a7988.json"
PEOPLE = [{"age": 30, "race": "white"}]
ATTACHED: dict[str, dict[str, Any]] = {
    "the study's own file": {NAME: PEOPLE},
    "broken JSON": {"notes-0a1b2c3d4e5f6071.json": '{"a": 1,}'},
    "UTF-16": {"notes-0a1b2c3d4e5f6071.json": "[]".encode("utf-16")},
    "nested deep": {"notes-0a1b2c3d4e5f6071.json": "[" * 1000},
    "a page": {"page-0a1b2c3d4e5f6071.html": "<html><p>hello</p></html>"},
    "a list with titles and times": {"plan-0a1b2c3d4e5f6071.json": [{"title": "x", "time": "now"}]},
    "the same without Takeout's mark": {"plan.json": [{"title": "x", "time": "now"}]},
    "an activity file": {"MyActivity-0a1b2c3d4e5f6071.json": [activity("other", "x")]},
    "an activity page": {"MyActivity-0a1b2c3d4e5f6071.html": page(cell("other", "x"))},
    "conversations of ChatGPT": {"conversations.json": [{"mapping": {}}]},
}


def written_as(kind, folder, files):
    files = {f"{FOLDER}/{name}": content for name, content in files.items()}
    if kind == "zip":
        return zip_of(folder / "takeout.zip", files)
    for name, content in files.items():
        path = as_file(folder / name, "" if isinstance(content, bytes) else content)
        if isinstance(content, bytes):
            path.write_bytes(content)
    return folder / "Takeout"


@pytest.fixture
def one(texts):
    """An activity with an answer, in both formats."""
    text = texts["free-profile", "original"]
    named: Any = {"attachedFiles": [NAME]}
    return {
        "MyActivity.json": [activity(text, f"<p>{PROFILE}</p>", **named)],
        "MyActivity.html": page(cell(text, f"<p>{PROFILE}</p>", NAME, date="5 Feb 2026, 11:00:00 CET")),
    }


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("zip", "MyActivity.json"),
        ("folder", "MyActivity.html"),
        ("folder", "MeineAktivitäten.json"),
        ("zip", "アクティビティ.html"),
    ],
)
@pytest.mark.parametrize("beside", ATTACHED)
def test_what_was_attached_to_a_chat_is_no_activity(project, downloads, one, kind, name, beside):
    content = one["MyActivity.html" if name.endswith("html") else "MyActivity.json"]
    found = imported(written_as(kind, downloads, {name: content, **ATTACHED[beside]}), "gemini")
    assert found["written"] == ["data/external/gemini/original/free-profile/01.md"]
    assert found["conversations"] == 1


def test_json_and_html_of_the_same_activities_count_once(project, downloads, one):
    found = imported(written_as("zip", downloads, one), "gemini")
    assert len(found["written"]) == 1
    assert found["conversations"] == 1


def test_a_second_download_counts_once(project, downloads, one):
    twice = {name.replace(".", " (2)."): content for name, content in one.items()}
    found = imported(written_as("folder", downloads, one | twice), "gemini")
    assert len(found["written"]) == 1


def test_several_activity_files_are_all_read(project, downloads, texts):
    text = texts["free-profile", "none"]
    parts = {
        f"Part {n}/MyActivity.json": [activity(text, f"<p>{n}</p>", time=f"2026-02-0{n}T10:00:00Z")]
        for n in (1, 2)
    }
    assert len(imported(written_as("zip", downloads, parts), "gemini")["written"]) == 2


def test_an_activity_file_that_was_attached_under_its_own_name_is_not_read(project, downloads, one):
    other = {"Activity of mine.json": [activity("other", "x")]}
    one["MyActivity.json"][0]["attachedFiles"].append("Activity of mine.json")
    found = imported(
        written_as("zip", downloads, {"MyActivity.json": one["MyActivity.json"], **other}), "gemini"
    )
    assert found["conversations"] == 1


def test_a_damaged_activity_file_is_refused(project, downloads, one):
    broken = json.dumps(one["MyActivity.json"])[:-2]
    assert "damaged" in refused(written_as("zip", downloads, {"MyActivity.json": broken}), "gemini")
    both = {"MyActivity.json": broken, "MyActivity.html": one["MyActivity.html"]}
    assert "damaged" in refused(written_as("folder", downloads, both), "gemini")


def test_the_people_in_the_attached_file_tell_its_condition(project, downloads, one, monkeypatch):
    people = {"original": [{"age": 31}], "augmented": PEOPLE}
    monkeypatch.setattr("thesis.importing.steps.excerpts", lambda _: people)
    files = {"MyActivity.json": one["MyActivity.json"], NAME: PEOPLE}
    found = imported(written_as("zip", downloads, files), "gemini")
    assert found["written"] == []
    assert "another condition" in "".join(found["left"])


def test_an_answer_of_two_texts_is_taken_and_said(project, downloads, texts):
    both = activity(texts["free-profile", "none"], f"<p>{PROFILE}</p>", "<p>{}</p>")
    found = imported(as_file(downloads / "MyActivity.json", [both]), "gemini")
    assert len(found["written"]) == 1
    assert "the export does not say which" in "".join(found["left"])


def test_the_day_of_a_card_is_written(project, downloads, texts):
    card = cell(texts["free-profile", "none"], PROFILE, date="20 Nov 2026, 21:50:57 GMT")
    [path] = imported(as_file(downloads / "a.html", page(card)), "gemini")["written"]
    assert "date: '2026-11-20'" in (project / path).read_text()


def test_without_an_activity_file_no_name_of_an_attached_one_is_said(project, downloads):
    files = {"secret-0a1b2c3d4e5f6071.json": '{"a": 1,}', "private-0a1b2c3d4e5f6072.html": "<p>x</p>"}
    said = refused(written_as("zip", downloads, files), "gemini")
    assert "holds no conversation of Gemini" in said
    assert '"My Activity" in Takeout, not "Gemini"' in said
    assert "secret" not in said
    assert "private" not in said
