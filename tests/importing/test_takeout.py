"""The files of a Takeout that are read, found by their content: in a zip, in a folder, in two formats."""

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


def asked_at(texts, *times, answer=PROFILE, condition="none"):
    """One prompt at each time: in JSON, and in HTML on a clock one hour ahead."""
    text = texts["free-profile", condition]
    as_json = [activity(text, f"<p>{answer}</p>", time=f"2026-02-05T{time}Z") for time in times]
    dates = [f"5 Feb 2026, {int(time[:2]) + 1:02}{time[2:]} CET" for time in times]
    return as_json, page(*(cell(text, f"<p>{answer}</p>", date=date) for date in dates))


@pytest.mark.parametrize("answer", [PROFILE, "I cannot do that."])
@pytest.mark.parametrize("order", [1, -1])
def test_what_was_imported_in_one_format_is_known_in_the_other(project, downloads, texts, answer, order):
    both = asked_at(texts, "10:00:07", "10:20:08", answer=answer)
    first, second = [as_file(downloads / f"{n}.json", one) for n, one in enumerate(both)][::order]
    assert len(imported(first, "gemini")["written"]) == 2
    found = imported(second, "gemini")
    assert (found["written"], sum(row["known"] for row in found["found"])) == ([], 2)


@pytest.mark.parametrize(
    ("later", "condition"), [("10:20:09", "none"), ("10:21:08", "none"), ("10:20:08", "original")]
)
def test_another_time_or_prompt_is_another_answer(project, downloads, texts, later, condition):
    before, _ = asked_at(texts, "10:20:08")
    _, after = asked_at(texts, later, condition=condition)
    imported(as_file(downloads / "a.json", before), "gemini")
    assert len(imported(as_file(downloads / "a.html", after), "gemini")["written"]) == 1


def test_a_file_is_one_answer_of_the_other_format_once(project, downloads, texts):
    _, before = asked_at(texts, "10:00:07", answer="No.")
    after, _ = asked_at(texts, "10:00:07", "11:30:09", answer="No.")
    imported(as_file(downloads / "a.html", before), "gemini")
    assert len(imported(as_file(downloads / "a.json", after), "gemini")["written"]) == 1


def test_an_answer_in_two_texts_is_known_in_html_where_they_are_one(project, downloads, texts):
    text, other = texts["free-profile", "none"], '{"age": 35}'
    both = activity(text, f"<p>{PROFILE}</p>", f"<p>{other}</p>", time="2026-02-05T23:30:07Z")
    card = cell(text, f"<p>{PROFILE}</p><p>{other}</p>", date="6 Feb 2026, 00:30:07 CET")
    imported(as_file(downloads / "a.json", [both]), "gemini")
    assert imported(as_file(downloads / "a.html", page(card)), "gemini")["written"] == []
