"""`thesis prompts`: texts to the letter, files to attach, instructions around them."""

import json
import subprocess
import sys

import pytest
import yaml
from typer.testing import CliRunner

from stages.collect.header import with_header
from stages.common.files import write_records
from stages.common.pasted import Provenance
from stages.common.records import Example
from stages.shell.errors import UserError
from tests.tiny import edit_yaml
from thesis.cli import app
from thesis.pasting import printing, steps


def run(*args):
    return CliRunner().invoke(app, ["prompts", *args], catch_exceptions=False)


def prepare(folder, n=3, conditions=("original", "augmented")):
    """Prepared data of n people who are the same in both conditions."""
    for condition in conditions:
        rows = [
            Example(
                source_id=f"s{i}", prompt_id="p", prompt="?", completion=json.dumps({"n": i, "é": condition})
            )
            for i in range(n)
        ]
        write_records(folder / f"data/prepared/{condition}/train.jsonl", rows)
    edit_yaml(folder / "params.yaml", {"collect": {"excerpt_records": 2}})


def test_a_single_text_comes_alone(project, texts):
    result = run("not-in-labor-force", "--condition", "none", "--source", "claude")
    assert result.stdout == texts["not-in-labor-force", "none"] + "\n"
    assert "data/external/claude/none/not-in-labor-force/01.md" in result.stderr
    assert "10 times, each time in a new chat" in result.stderr


def test_several_texts_have_headings(project, texts):
    shown = run("--condition", "none").stdout
    for number, prompt_id in enumerate(("free-profile", "not-in-labor-force", "employed"), start=1):
        assert f"### {number}/3 {prompt_id}, none\n\n{texts[prompt_id, 'none']}\n" in shown


def test_on_a_terminal_the_text_stands_between_rules_and_is_not_wrapped(project, texts, monkeypatch):
    monkeypatch.setattr(printing, "_is_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    lines = run("free-profile", "--condition", "none", "--source", "claude").stdout.split("\n")
    first, second = (i for i, line in enumerate(lines) if line == "─" * 40)
    assert "\n".join(lines[first + 1 : second]) == texts["free-profile", "none"]
    assert "  free-profile, none  0 of 10 answers saved" in lines


def test_the_files_to_attach_hold_the_same_people_without_identifier(project):
    prepare(project)
    run("free-profile")
    files = [project / f".work/prompts/profiles-{i}.json" for i in (1, 2)]
    first, second = (json.loads(file.read_text("utf-8")) for file in files)
    assert [one["n"] for one in first] == [one["n"] for one in second]
    assert ({one["é"] for one in first}, {one["é"] for one in second}) == ({"original"}, {"augmented"})
    assert len(first) == 2
    assert files[0].read_text("utf-8").startswith('[\n  {\n    "n": ')


def test_the_folder_of_the_files_can_be_chosen(project, tmp_path):
    prepare(project)
    [sheet] = json.loads(
        run("free-profile", "--condition", "original", "--to", str(tmp_path / "x"), "--json").stdout
    )
    assert sheet["attach"] == f"{tmp_path}/x/profiles-1.json"
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["profiles-1.json"]
    assert sheet["save_as"] == "data/external/<source>/original/free-profile/01.md"


def test_without_prepared_data_the_remedy_is_said(project):
    with pytest.raises(UserError, match="dvc repro prepare"):
        run("free-profile")
    assert run("free-profile", "--condition", "none").exit_code == 0


def test_fewer_people_than_the_excerpt_are_said(project):
    prepare(project, n=1)
    with pytest.raises(UserError, match=r"1 people .* collect.excerpt_records asks for 2"):
        run("free-profile")


def test_the_next_free_file_is_named(project):
    folder = project / "data/external/claude/none/not-in-labor-force"
    folder.mkdir(parents=True)
    (folder / "01.md").write_text("x")
    asked = run("not-in-labor-force", "--condition", "none", "--source", "claude", "--json")
    [sheet] = json.loads(asked.stdout)
    assert (sheet["save_as"], sheet["n_answers"]) == ("data/external/claude/none/not-in-labor-force/02.md", 1)


def test_the_header_is_one_that_is_read(project):
    asked = run("not-in-labor-force", "--condition", "none", "--source", "claude", "--json")
    [sheet] = json.loads(asked.stdout)
    top, header, rest = sheet["header"].split("---")
    found = Provenance(**yaml.safe_load(header))
    assert (top, rest, found.product, found.model, found.conversation) == ("", "", "Claude", None, None)
    assert with_header(found, "x").startswith("---\nproduct: Claude\ndate: ")


def test_unknown_words_are_named(project):
    there = r"fre-profile: not there\nThere are: free-profile, not-in-labor-force"
    with pytest.raises(UserError, match=there):
        run("fre-profile")
    with pytest.raises(UserError, match=r"there are: claude, chatgpt, gemini; or add it to collect\.sources"):
        run("--source", "copilot")
    with pytest.raises(UserError, match=r"--source Claude: unknown source; did you mean claude\?"):
        run("--source", "Claude")


def test_copying_needs_one_text_and_a_clipboard(project, texts, monkeypatch, tmp_path):
    with pytest.raises(UserError, match="3 texts"):
        run("--condition", "none", "--copy")
    monkeypatch.setattr(steps.shutil, "which", lambda name: None)
    with pytest.raises(UserError, match="pbcopy"):
        run("not-in-labor-force", "--condition", "none", "--copy")
    copied = tmp_path / "clipboard"
    write = [sys.executable, "-c", f"import sys; open({str(copied)!r}, 'wb').write(sys.stdin.buffer.read())"]
    monkeypatch.setattr(steps, "_CLIPBOARDS", (write,))
    monkeypatch.setattr(steps.shutil, "which", lambda name: name)
    run("not-in-labor-force", "--condition", "none", "--copy")
    assert copied.read_text("utf-8") == texts["not-in-labor-force", "none"]


def test_no_command_imports_torch():
    code = "import sys, thesis.importing.steps, thesis.pasting.steps; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
