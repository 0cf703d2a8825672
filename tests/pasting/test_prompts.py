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


def save(folder, n, source="claude", condition="none", prompt_id="free-profile"):
    place = folder / f"data/external/{source}/{condition}/{prompt_id}"
    place.mkdir(parents=True)
    for number in range(1, n + 1):
        (place / f"{number:02}.md").write_text("x")


def overview(*args):
    """The cells of the list of what is saved, and the line below it."""
    lines = run(*args).stderr.splitlines()
    below = next(i for i, line in enumerate(lines) if line.startswith("└"))
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines[:below] if "│" in line], lines[
        below + 1
    ]


def test_what_is_done_and_what_is_left(project):
    save(project, 10)
    save(project, 12, source="gemini")
    save(project, 3, source="gemini", prompt_id="employed")
    rows, below = overview("--condition", "none")
    assert rows == [
        ["free-profile", "no data", "✓ 10", "0", "✓ 12"],
        ["not-in-labor-force", "no data", "0", "0", "0"],
        ["employed", "no data", "0", "0", "3"],
    ]
    assert below == "Left: 67 of 90 answers."  # 90 - 10 - 10 - 3: the 11th and the 12th answer do not count


def test_the_first_text_that_lacks_answers_comes_alone(project, texts):
    assert run("--condition", "none").stdout == texts["free-profile", "none"] + "\n"
    save(project, 10)
    shown = run("--condition", "none", "--source", "claude")
    assert shown.stdout == texts["not-in-labor-force", "none"] + "\n"
    assert "data/external/claude/none/not-in-labor-force/01.md" in shown.stderr
    assert run("--condition", "none").stdout == texts["free-profile", "none"] + "\n"


def test_a_text_that_is_named_is_shown_even_if_all_its_answers_are_saved(project, texts):
    save(project, 10)
    named = run("free-profile", "--condition", "none", "--source", "claude")
    assert named.stdout == texts["free-profile", "none"] + "\n"
    assert "10 of 10 saved\n" in named.stderr


def test_when_everything_is_saved_no_text_is_shown(project):
    for prompt_id in ("free-profile", "not-in-labor-force", "employed"):
        save(project, 10, prompt_id=prompt_id)
    asked = ("--condition", "none", "--source", "claude")
    assert run(*asked).stdout == ""
    assert overview(*asked)[1] == "Every answer is saved. Next: dvc repro"


def test_all_texts_have_headings(project, texts):
    shown = run("--condition", "none", "--all").stdout
    for number, prompt_id in enumerate(("free-profile", "not-in-labor-force", "employed"), start=1):
        assert f"### {number}/3 {prompt_id}, no data\n\n{texts[prompt_id, 'none']}\n" in shown


def test_on_a_terminal_the_text_stands_between_rules_and_is_not_wrapped(project, texts, monkeypatch):
    monkeypatch.setattr(printing, "_is_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    lines = run("free-profile", "--condition", "none", "--source", "claude").stdout.split("\n")
    first, second = (i for i, line in enumerate(lines) if line == "─" * 40)
    assert "\n".join(lines[first + 1 : second]) == texts["free-profile", "none"]
    assert "  Claude  0 of 10 saved; next: data/external/claude/none/free-profile/01.md" in lines


def test_the_files_to_attach_hold_the_same_people_without_identifier(project):
    prepare(project)
    run("free-profile", "--all")
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


def test_without_prepared_data_the_remedy_is_said(project):
    with pytest.raises(UserError, match="dvc repro prepare"):
        run("free-profile", "--condition", "original")
    assert run("free-profile").exit_code == 0


def test_fewer_people_than_the_excerpt_are_said(project):
    prepare(project, n=1)
    with pytest.raises(UserError, match=r"1 people .* collect.excerpt_records asks for 2"):
        run("free-profile", "--all")


def test_the_next_free_file_is_named(project):
    save(project, 1, prompt_id="not-in-labor-force")
    asked = run("not-in-labor-force", "--condition", "none", "--source", "claude", "--json")
    [sheet] = json.loads(asked.stdout)
    path = "data/external/claude/none/not-in-labor-force/02.md"
    assert sheet["places"] == [{"source": "claude", "save_as": path, "n_answers": 1}]


def test_the_header_is_one_that_is_read(project):
    asked = run("not-in-labor-force", "--condition", "none", "--source", "claude", "--json")
    [sheet] = json.loads(asked.stdout)
    top, header, rest = sheet["header"].split("---")
    found = Provenance(**yaml.safe_load(header))
    assert (top, rest, found.product, found.model, found.conversation) == ("", "", "Claude", None, None)
    assert with_header(found, "x").startswith("---\nproduct: Claude\ndate: ")


def test_the_header_for_several_products_names_them_and_none_is_taken(project):
    [sheet] = json.loads(run("not-in-labor-force", "--condition", "none", "--json").stdout)
    header = sheet["header"].split("---")[1]
    assert "product:          # Claude, ChatGPT, Gemini\n" in header
    assert Provenance(**yaml.safe_load(header)).product is None


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
        run("--condition", "none", "--all", "--copy")
    monkeypatch.setattr(steps.shutil, "which", lambda name: None)
    with pytest.raises(UserError, match="pbcopy"):
        run("not-in-labor-force", "--condition", "none", "--copy")
    copied = tmp_path / "clipboard"
    write = [sys.executable, "-c", f"import sys; open({str(copied)!r}, 'wb').write(sys.stdin.buffer.read())"]
    monkeypatch.setattr(steps, "_CLIPBOARDS", (write,))
    monkeypatch.setattr(steps.shutil, "which", lambda name: name)
    done = run("not-in-labor-force", "--condition", "none", "--copy")
    assert "Copied: not-in-labor-force, no data" in done.stderr
    assert copied.read_text("utf-8") == texts["not-in-labor-force", "none"]


def test_no_command_imports_torch():
    code = "import sys, thesis.importing.steps, thesis.pasting.steps; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
