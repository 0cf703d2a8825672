"""`thesis import` from the command line: it finds answers, asks, writes them, and writes none twice."""

import errno
import json
import re

import pytest
import typer
import yaml
from typer.testing import CliRunner

from stages.shell.errors import UserError
from tests.importing.exports import (
    PROFILE,
    activity,
    as_file,
    assistant,
    attaching,
    cell,
    chatgpt,
    claude,
    human,
    page,
    says,
    zip_of,
)
from thesis.cli import app
from thesis.importing import writing
from thesis.importing.turns import Unread

FREE = ("free-profile", "none")


def run(*args, user=None):
    return CliRunner().invoke(app, ["import", *map(str, args)], input=user, catch_exceptions=False)


def imported(export, source, *args):
    return json.loads(run(export, "--source", source, "--yes", "--json", *args).stdout)


def refused(export, source):
    with pytest.raises(UserError) as error:
        run(export, "--source", source, "--yes")
    return str(error.value)


def written(project):
    return {
        path.relative_to(project).as_posix() for path in project.glob("data/external/**/*") if path.is_file()
    }


@pytest.fixture
def export(project, downloads, texts):
    """Two answers to prompts of the study, one of them after another prompt was typed nearly."""
    near = texts["not-in-labor-force", "none"].replace("Hours are", "Hour are")
    conversations = chatgpt(
        [says("user", "something else"), says("assistant", "private")],
        [says("user", near), says("assistant", "near")],
        [attaching("user", texts["free-profile", "original"], "profiles-1.json"), says("assistant", PROFILE)],
    )
    return as_file(downloads / "conversations.json", conversations)


def test_answers_are_written_with_their_provenance(project, export):
    found = imported(export, "chatgpt")
    assert (
        written(project)
        == {*found["written"]}
        == {
            "data/external/chatgpt/original/free-profile/01.md",
            "data/external/chatgpt/none/not-in-labor-force/01.md",
        }
    )
    _, header, body = (
        (project / "data/external/chatgpt/original/free-profile/01.md").read_text().split("---\n")
    )
    assert body.strip() == PROFILE
    assert yaml.safe_load(header) == {
        "product": "ChatGPT",
        "interface": "web page",
        "model": "gpt-5",
        "date": "2026-01-01T00:00:00Z",
        "conversation": "conv-2",
        "message": "m1",
        "export_sha256": found["export_sha256"],
    }
    near = (project / "data/external/chatgpt/none/not-in-labor-force/01.md").read_text()
    assert "Hour are per week" in yaml.safe_load(near.split("---\n")[1])["prompt"]


def test_the_same_answers_are_never_written_twice(project, export, downloads):
    imported(export, "chatgpt")
    before = written(project)
    again = zip_of(downloads / "later.zip", {"conversations-000.json": export.read_text()})
    found = imported(again, "chatgpt")
    assert (found["written"], written(project)) == ([], before)
    assert sum(row["known"] for row in found["found"]) == 2


def test_what_was_pasted_by_hand_counts_as_there(project, export):
    as_file(project / "data/external/chatgpt/original/free-profile/01.md", f"{PROFILE}\n")
    assert imported(export, "chatgpt")["written"] == ["data/external/chatgpt/none/not-in-labor-force/01.md"]


@pytest.mark.parametrize(
    "pasted",
    [
        f"ChatGPT said:\n\njson\nCopy code\n{PROFILE}\n\nRetry",
        f"Here it is:\n\n```json\n{json.dumps(json.loads(PROFILE), indent=2)}\n```\n",
        f"---\nproduct: ChatGPT\nconversation: tuesday\n---\n\n{PROFILE}",
    ],
    ids=["page", "fence", "header"],
)
def test_the_same_answer_by_hand_counts_as_there_whatever_the_page_adds(project, export, pasted):
    as_file(project / "data/external/chatgpt/original/free-profile/01.md", pasted)
    assert imported(export, "chatgpt")["written"] == ["data/external/chatgpt/none/not-in-labor-force/01.md"]


def test_one_pasted_refusal_hides_no_other_that_is_alike(project, downloads, texts):
    asked = [says("user", texts[FREE]), says("assistant", "I can't help with that.")]
    export = as_file(downloads / "conversations.json", chatgpt(asked, asked, asked))
    as_file(project / "data/external/chatgpt/none/free-profile/01.md", "I can't help with that.\n")
    names = [f"data/external/chatgpt/none/free-profile/{number}.md" for number in ("02", "03")]
    assert imported(export, "chatgpt")["written"] == names
    assert imported(export, "chatgpt")["written"] == []


def test_it_asks_and_without_a_terminal_the_answer_is_no(project, export):
    result = run(export, "--source", "chatgpt")
    assert (result.exit_code, written(project)) == (0, set())
    assert "Nothing was written" in result.stdout
    assert "--yes" in result.stderr


@pytest.mark.parametrize(("answer", "n"), [("y\n", 2), ("n\n", 0), ("\n", 0)])
def test_on_a_terminal_it_does_what_is_answered(project, export, monkeypatch, answer, n):
    monkeypatch.setattr("thesis.importing.steps._is_terminal", lambda: True)
    run(export, "--source", "chatgpt", user=answer)
    assert len(written(project)) == n


def test_a_dry_run_writes_nothing(project, export):
    result = run(export, "--source", "chatgpt", "--yes", "--dry-run")
    assert written(project) == set()
    assert "--dry-run" in result.stdout


def test_near_prompts_can_be_left_out(project, export):
    assert imported(export, "chatgpt", "--exact-only")["written"] == [
        "data/external/chatgpt/original/free-profile/01.md"
    ]


def test_the_table_and_what_is_said_beside_it(project, export):
    shown = run(export, "--source", "chatgpt", "--dry-run").stdout
    assert "Answers of ChatGPT in the export" in shown
    rows = [re.split(" {2,}", line.strip()) for line in shown.splitlines()]
    assert ["ChatGPT · original", "free-profile", "1", "·", "0", "1"] in rows
    assert "Model labels: gpt-5 (2)" in shown
    assert "-Hours +Hour" in shown
    assert "1 message of yours, 3 conversations in all" in shown


def test_what_is_not_taken_is_said(project, downloads, texts):
    regenerated = chatgpt([says("user", texts[FREE]), says("assistant", "kept")])[0]
    again = says("assistant", "dropped")
    regenerated["mapping"]["again"] = {"id": "again", "parent": "m0", "message": again}
    others = chatgpt(
        [attaching("user", texts["free-profile", "original"], "profiles-2.json"), says("assistant", "x")],
        [says("user", texts[FREE].replace("anyone", "any woman")), says("assistant", "x")],
        [says("user", texts[FREE])],
    )
    export = as_file(downloads / "conversations.json", [regenerated, *({**c, "id": "o"} for c in others)])
    for number, conversation in enumerate(conversations := json.loads(export.read_text())):
        conversation["conversation_id"] = f"c{number}"
    found = imported(as_file(export, conversations), "chatgpt")
    assert len(found["written"]) == 1
    assert sorted(reason.split(":")[0].split(" ")[0] for reason in found["left"]) == [
        "changed", "regenerated", "the", "without",
    ]  # fmt: skip


def test_answers_after_something_else_and_without_the_file_are_pointed_out(project, downloads, texts):
    messages = [
        says("user", "hello"),
        says("assistant", "hi"),
        says("user", texts["free-profile", "original"]),
    ]
    export = as_file(downloads / "c.json", chatgpt([*messages, says("assistant", PROFILE)]))
    shown = run(export, "--source", "chatgpt", "--dry-run").stdout
    assert "1: not the first message of its conversation" in shown
    assert "1: the export names no attached file" in shown


def test_claude(project, downloads, texts):
    conversations = claude([human(texts["free-profile", "augmented"], "profiles-2.json"), assistant(PROFILE)])
    export = zip_of(
        downloads / "data.zip", {"conversations.json": conversations, "users.json": [{"full_name": "x"}]}
    )
    [path] = imported(export, "claude")["written"]
    assert path == "data/external/claude/augmented/free-profile/01.md"
    assert "model" not in (project / path).read_text()


def test_gemini_as_json_and_as_html(project, downloads, texts):
    text = texts["free-profile", "original"]
    subtitles = [{"name": "Attached 1 file."}, {"name": "-  profiles-1.json"}]
    folder = "Takeout/My Activity"
    as_json = zip_of(
        downloads / "a.zip",
        {
            f"{folder}/Gemini Apps/MyActivity.json": [
                activity(text, f"<p>{PROFILE}</p>", subtitles=subtitles)
            ],
            f"{folder}/Search/MyActivity.json": [activity(text, "<p>search</p>")],
        },
    )
    later = cell(text, f"<p>{PROFILE}</p>", "profiles-1.json", date="Feb 5, 2026, 10:00:09 AM PST")
    as_html = as_file(downloads / "MyActivity.html", page(later))
    for export in (as_json, as_html):
        [path] = imported(export, "gemini")["written"]
        assert (project / path).read_text().endswith(f"---\n\n{PROFILE}")


def test_a_language_without_a_known_verb(project, downloads, texts):
    german = {**activity("", "<p>x</p>"), "title": f"Hat folgende Anfrage gestellt: {texts[FREE]}"}
    [path] = imported(as_file(downloads / "MyActivity.json", [german]), "gemini")["written"]
    assert "prompt:" not in (project / path).read_text()


def test_ctrl_c_at_the_question_writes_nothing_and_ends_with_130(project, export, monkeypatch):
    def interrupted(*_, **__):
        raise typer.Abort

    monkeypatch.setattr("thesis.importing.steps._is_terminal", lambda: True)
    monkeypatch.setattr("typer.confirm", interrupted)
    done = run(export, "--source", "chatgpt")
    assert (done.exit_code, written(project)) == (130, set())
    assert "Nothing was written" in done.stderr


def test_the_wrong_source_is_named(project, downloads):
    exports = {
        "chatgpt": as_file(downloads / "a.json", chatgpt([says("user", "x")])),
        "claude": as_file(downloads / "b.json", claude([human("x")])),
        "gemini": as_file(downloads / "c.json", [activity("x", "y")]),
    }
    for source, other in (("claude", "chatgpt"), ("gemini", "claude"), ("chatgpt", "gemini")):
        assert f"--source {other}" in refused(exports[other], source)
    assert "--source gemini" in refused(as_file(downloads / "d.html", page(cell("x", "y"))), "claude")


@pytest.mark.parametrize("content", [[], {}, [{"some": "thing"}], [1, None], "", "<html></html>"])
def test_an_export_without_conversations_says_so(project, downloads, content):
    assert "holds no conversation of Gemini" in refused(as_file(downloads / "x.json", content), "gemini")


def test_conversations_of_an_unknown_shape_are_counted(project, downloads, texts):
    known = chatgpt([says("user", texts[FREE]), says("assistant", PROFILE)])
    file = as_file(
        downloads / "conversations.json", [*known, {"mapping": []}, {"title": "x", "messages": []}]
    )
    found = imported(file, "chatgpt")
    assert len(found["written"]) == 1
    assert found["left"] == {Unread.SHAPE: 2}


def test_an_export_whose_shape_changed_says_so(project, downloads):
    file = as_file(downloads / "conversations.json", [{"mapping": []}, {"messages": []}])
    assert "Not taken, 2: a conversation of a shape that is not known" in refused(file, "chatgpt")


def test_a_folder_without_an_export_says_what_is_expected(project, downloads):
    assert "expected conversations.json" in refused(downloads, "claude")


def test_a_source_that_collect_does_not_know_is_refused(project, export):
    params = yaml.safe_load((project / "params.yaml").read_text())
    params["collect"]["sources"] = ["claude"]
    (project / "params.yaml").write_text(yaml.safe_dump(params))
    assert "collect.sources does not name chatgpt" in refused(export, "chatgpt")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(errno.ENOSPC, "disk full")])
def test_what_ends_the_writing_takes_back_what_was_written(project, export, monkeypatch, error):
    kept = as_file(project / "data/external/chatgpt/none/not-in-labor-force/07.md", "pasted")
    save, calls = writing.save_answer, []

    def second_fails(*args):
        calls.append(args)
        path = save(*args)
        if len(calls) == 2:
            raise error
        return path

    monkeypatch.setattr(writing, "save_answer", second_fails)
    ended = CliRunner().invoke(app, ["import", str(export), "--source", "chatgpt", "--yes"])
    assert (len(calls), ended.exit_code) == (2, 130 if isinstance(error, KeyboardInterrupt) else 1)
    assert written(project) == {kept.relative_to(project).as_posix()}
    assert not (project / "data/external/chatgpt/original").exists()


def test_odd_answers_are_written_as_utf_8(project, downloads, texts):
    odd = chatgpt(
        [says("user", texts[FREE]), says("assistant", "a\r\nb\0\x1b[31m", metadata={"model_slug": "x\ny: 1"})]
    )
    [path] = imported(as_file(downloads / "c.json", odd), "chatgpt")["written"]
    header, body = (project / path).read_text("utf-8").removeprefix("---\n").split("---\n")
    assert body.strip() == "a\nb\x1b[31m"
    assert yaml.safe_load(header)["model"] == "x\ny: 1"
