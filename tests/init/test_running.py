"""`thesis init` in a copy of the project."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from stages.common.schema import load_schema
from stages.prepare.__main__ import prepare
from stages.shell.errors import UserError
from tests.init.fakes import write_bees
from tests.tiny import ROOT
from thesis.init.running import run_init


def run(folder, n=60, pay=None, **how):
    original, augmented = write_bees(folder, n)
    for path in (original, augmented) if pay else ():
        records = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps([{**one, "lohn": pay(one["nr"])} for one in records]), "utf-8")
    options = {"force": False, "dry_run": False, "as_json": False, **how}
    run_init({"original": original, "augmented": augmented}, **options)


def every_file():
    return {str(p): p.read_bytes() for p in Path().rglob("*") if p.is_file() and "__pycache__" not in p.parts}


def test_roles_levels_and_rules(workspace, tmp_path, capsys):
    run(tmp_path, as_json=True, dry_run=True)
    found = json.loads(capsys.readouterr().out)
    assert {field["path"]: (field["role"], field["holds"]) for field in found["fields"]} == {
        "nr": ("identifier", "integer"),
        "Kaste": ("protected", "Arbeiterin | Drohne | Königin"),
        "garten.Blüten": ("attribute", "[Klee | Linde, …]"),
        "garten.weg": ("number", "integer"),
        "honig": ("number", "integer"),
        "summt": ("attribute", "boolean"),
        "notiz": ("text", "string"),
    }
    assert (found["written"], found["people_in_both_files"]) == (False, 60)


def test_points_that_may_part_thousands_are_told_with_a_unit_too(workspace, tmp_path, capsys):
    run(
        tmp_path,
        dry_run=True,
        pay=lambda number: f"{number % 3 + 1}.{number:03d} €" if number % 2 else "950 €",
    )
    assert "lohn: texts like '1.234' are read as decimals" in " ".join(capsys.readouterr().out.split())


def test_prepare_runs_with_what_was_written(workspace, tmp_path, capsys):
    run(tmp_path, force=True)
    prepare()
    splits = {
        c: json.loads(Path("metrics/data.json").read_text("utf-8"))[c]["n"] for c in ("original", "augmented")
    }
    assert f"original: {splits['original']['train']} train" in capsys.readouterr().out
    row = json.loads(Path("data/prepared/original/train.jsonl").read_text("utf-8").splitlines()[0])
    profile = json.loads(row["completion"])
    assert "nr" not in profile
    assert isinstance(profile["honig"], int)
    assert isinstance(profile["garten"]["weg"], int)


def test_params_keep_their_comments_and_all_that_is_not_about_the_data(workspace, tmp_path):
    committed = (ROOT / "params.yaml").read_text("utf-8")
    text = re.sub(r"^base: .*", "base: tiny", committed, flags=re.MULTILINE)
    Path("params.yaml").write_text(text, "utf-8")
    run(tmp_path, force=True)
    after = Path("params.yaml").read_text("utf-8")
    assert re.findall("#.*", after) == re.findall("#.*", text)
    old, new = yaml.safe_load(text), yaml.safe_load(after)
    assert new["prepare"]["numbers"] == {"thousands_separator": ",", "units": ["km"]}
    primary = new["evaluate"]["contrasts"][0]
    assert (primary["field"], primary["primary"], primary["id"]) == ("Kaste", True, "kaste-drohne")
    for section, keys in {
        "prepare": ("seed", "sample", "numbers", "max_twins"),
        "train": ("common",),
        "generate": ("max_new_tokens",),
        "evaluate": ("contrasts",),
    }.items():
        for key in keys:
            del old[section][key], new[section][key]
    assert new == old


def test_without_force_it_names_what_is_in_the_way_and_changes_nothing(workspace, tmp_path):
    Path("data/external/claude/none/free-profile").mkdir(parents=True)
    Path("data/external/claude/none/free-profile/01.md").write_text("{}", "utf-8")
    before = every_file()
    with pytest.raises(UserError) as raised:
        run(tmp_path)
    for words in (
        "data/raw/original.json: would be replaced",
        "01.md: belongs to the present data",
        "params.yaml",
        "--force",
    ):
        assert words in str(raised.value)
    assert every_file() == before


def test_with_force_other_peoples_files_go_to_the_backup_and_come_back(workspace, tmp_path, capsys):
    answer = Path("data/external/claude/none/free-profile/01.md")
    answer.parent.mkdir(parents=True)
    answer.write_text("{}", "utf-8")
    Path("data/external/README.md").write_text("answers", "utf-8")
    before = every_file()
    run(tmp_path, force=True)
    assert not Path("data/raw/make_default_study.py").exists()
    assert [*Path("data/external").rglob("*")] == [Path("data/external/README.md")]
    assert "original.json`: 60 records" in Path("data/raw/DATASHEET.md").read_text("utf-8")
    [way_back] = re.findall(r"To undo: (cp .*)", capsys.readouterr().out)
    subprocess.run(way_back.split(), check=True)
    assert {name: content for name, content in every_file().items() if ".work" not in name} == before


def test_a_dry_run_changes_nothing(workspace, tmp_path, capsys):
    before = every_file()
    run(tmp_path, dry_run=True)
    assert every_file() == before
    assert "Nothing was written" in capsys.readouterr().out


def test_too_few_people(workspace, tmp_path):
    with pytest.raises(UserError, match="Too few people for training, validation and test: 2 in original"):
        run(tmp_path, n=2, force=True)


def test_the_drafts_say_why(workspace, tmp_path):
    run(tmp_path, force=True)
    [caste] = load_schema().by_role("protected")
    assert caste.node["$comment"] == "check: protected because: differs for 33 of 60 people"


@pytest.mark.parametrize("words", [["--help"], ["init", "--help"]])
def test_help_comes_quickly_and_brings_no_heavy_library(words):
    code = (
        f"import sys; sys.argv[1:] = {words!r}\nfrom thesis.cli import app\n"
        "app(standalone_mode=False)\nprint('heavy:', *{'torch', 'transformers', 'pandas'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip().endswith("heavy:"), done.stdout + done.stderr
