"""The whole stage: files in a folder, rows in two files, a table."""

import json
from pathlib import Path

import pytest

from stages.collect.__main__ import COLLECTED, REJECTED, main
from stages.collect.answers import EXTERNAL, save_answer
from stages.common.files import read_records
from stages.common.pasted import Pasted, Provenance
from stages.common.records import Rejected
from stages.shell.errors import run
from tests.tiny import make_workspace


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(make_workspace(tmp_path / "project", Path("no-llama"), n_people=40))
    monkeypatch.setenv("COLUMNS", "200")


def put(name, text):
    path = EXTERNAL / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def collected():
    main()
    return read_records(COLLECTED, Pasted)


def test_without_answers_there_are_no_rows_and_each_source_is_named(capsys):
    assert collected() == []
    assert read_records(REJECTED, Rejected) == []
    assert "No answers from: Claude, ChatGPT, Gemini" in capsys.readouterr().out


def test_draws_are_numbered_over_the_files_of_an_arm_and_prompt(capsys):
    header = "---\nmodel: Opus\nconversation: first\n---\n\n"
    put("claude/original/free-profile/01.md", header + '[{"age": 1}, {"age": 2}]')
    put("claude/original/free-profile/02.md", 'Sure!\n{"age": 3}\n{"age": ')
    put("claude/original/not-in-labor-force/01.md", header + "I can't help with that.")
    put("claude/none/free-profile/01.md", "")
    rows = {(row.arm, row.prompt_id, row.draw): row for row in collected()}
    texts = {key: row.text for key, row in rows.items()}
    assert texts == {
        ("claude/none", "free-profile", 1): "",
        ("claude/original", "free-profile", 1): '{"age": 1}',
        ("claude/original", "free-profile", 2): '{"age": 2}',
        ("claude/original", "free-profile", 3): '{"age": 3}',
        ("claude/original", "free-profile", 4): '{"age":',
        ("claude/original", "not-in-labor-force", 1): "I can't help with that.",
    }
    of_arm = [row for row in rows.values() if row.arm == "claude/original"]
    second = "data/external/claude/original/free-profile/02.md"
    assert [row.conversation for row in of_arm] == ["first", "first", second, second, "first"]
    assert [row.ended for row in of_arm] == ["closed", "closed", "closed", "cut", "closed"]
    assert [row.around for row in of_arm] == ["", "", "Sure!", "Sure!", ""]
    assert of_arm[0].provenance == Provenance(model="Opus", conversation="first")
    assert of_arm[2].file == second
    said = capsys.readouterr().out
    (line,) = [line for line in said.splitlines() if "Claude · original" in line and "free-profile" in line]
    assert [cell.strip() for cell in line.split("│")[2:-1]] == ["free-profile", "2", "4", "2"]
    assert "No answers from: ChatGPT, Gemini" in said
    assert "1 draw cut off within an object" in said


def test_the_same_files_give_the_same_bytes():
    put("gemini/augmented/free-profile/01.md", '{"age": 1}\u2028{"age": 2}')
    main()
    before = COLLECTED.read_bytes()
    main()
    assert COLLECTED.read_bytes() == before
    assert len(read_records(COLLECTED, Pasted)) == 2


def test_what_was_saved_is_collected():
    provenance = Provenance(
        product="thesis ask", seed=7, temperature=0.5, draw=3, prompt="Write: {a}\n---\nnow"
    )
    text = '\n---\nmodel: x\n---\n{"age": 3}'
    path = save_answer("tiny+lora-interactive", "original", "free-profile", text, provenance)
    (row,) = collected()
    assert (row.arm, row.text, row.provenance) == ("tiny+lora-interactive/original", '{"age": 3}', provenance)
    assert row.around == "---\nmodel: x\n---"
    assert row.file == path.as_posix()


def test_a_typed_prompt_is_left_out_with_the_reason(capsys):
    own = Provenance(prompt="Write a cat")
    path = save_answer("tiny+lora-interactive", "original", "typed-1a2b", "[miau]", own)
    assert collected() == []
    (row,) = read_records(REJECTED, Rejected)
    assert (row.file, row.found) == (path.as_posix(), {"prompt": "Write a cat", "text": "[miau]"})
    remedy = "add the prompt to data/prompts.yaml, under asked:, and move the answer into the folder"
    assert remedy in row.reason
    assert remedy in capsys.readouterr().out


def test_mistakes_end_the_stage_and_leave_the_old_rows(capsys):
    put("claude/none/free-profile/01.md", '{"age": 1}')
    main()
    before = COLLECTED.read_bytes()
    put("clade/none/free-profile/01.md", "{}")
    with pytest.raises(SystemExit) as ended:
        run(main)
    assert "data/external/clade: unknown source; did you mean claude?" in str(ended.value.code)
    assert COLLECTED.read_bytes() == before


def test_a_profile_keeps_the_lists_of_the_schema():
    path = Path("data/schema/profile.schema.json")
    schema = json.loads(path.read_text("utf-8"))
    jobs = {"type": "array", "items": {"type": "object"}, "x-role": "attribute"}
    schema["properties"]["jobs"] = jobs
    path.write_text(json.dumps(schema), "utf-8")
    put("claude/none/free-profile/01.json", '{"jobs": [{"a": 1}, {"b": 2}]}')
    put("claude/none/free-profile/02.json", '{"work": [{"a": 1}, {"b": 2}]}')
    assert [row.text for row in collected()] == ['{"jobs": [{"a": 1}, {"b": 2}]}', '{"a": 1}', '{"b": 2}']


def test_what_to_look_at_is_named(capsys):
    imported = f"---\ninterface: API\nexport_sha256: {'a' * 64}\n---\n\n"
    put("claude/none/free-profile/01.md", '---\ninterface: API\n---\n\nHere:\n```json\n{"age": 1}\n```')
    put("claude/none/free-profile/02.md", imported + '{ "age":1 }')
    put("claude/none/free-profile/03.md", "age 34")
    put("claude/none/free-profile/04.md", "Copy code\n")
    put("claude/none/free-profile/05.md", '{"plan": "one of each"}\n{"age": 2}')
    arms = [row.arm for row in collected()]
    assert arms == ["claude(API)/none", "claude(API)/none", *["claude/none"] * 4]
    said = capsys.readouterr().out.replace("\n", " ")
    at = "data/external/claude/none/free-profile"
    assert "Not from a web page (interface: API): Claude (API) · no data." in said
    assert f"No JSON object in {at}/03.md (refused, or does not fit): is that the whole answer?" in said
    assert f"No JSON object in {at}/04.md (empty)" in said
    assert f"No field of the schema in an object of {at}/05.md: is it a profile?" in said
    assert f"The same content pasted and imported: {at}/01.md and {at}/02.md; if it is one answer" in said
