"""`thesis verify` on a project that ran: the numbers again, and a forgery with all its records."""

import json
import shutil
import sys

import pytest
import yaml

from tests.tiny import ROOT
from thesis.verify.hashing import Hasher
from thesis.verify.statement import write_manifest

pytestmark = pytest.mark.slow
TABLE = "metrics/tables/validity.csv"


@pytest.fixture
def released(project):
    """The project with a manifest, committed; requirements.lock and thesis are those of this repository."""
    release(project)
    return project


def release(project):
    write_manifest(project.folder)
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message", "A release")


def verified(project, *words):
    project.env["PYTHONPATH"] = str(ROOT)
    done = project.run(sys.executable, "-m", "thesis", "verify", "--json", *words)
    assert done.returncode in (0, 1, 2), done.stderr
    found = json.loads(done.stdout)
    assert found["exit_code"] == done.returncode
    return found


def wrong(found):
    return [
        (tier["number"], one["what"], one["got"])
        for tier in found["tiers"]
        for one in tier["findings"]
        if one["is_same"] is not True and not one["is_note"]
    ]


def test_the_numbers_again(released):
    found = verified(released, "--tier", "2")
    assert wrong(found) == []
    again = [one for one in found["tiers"][1]["findings"] if not one["is_note"]]
    assert {one["stage"] for one in again} == {"prepare", "collect", "score", "evaluate", "report"}
    assert all(one["got"].endswith("the same bytes") for one in again)
    assert released.git("status", "--porcelain") == ""


def test_a_forged_number_whose_records_were_forged_too(released):
    """Tier 1 cannot know; tier 2 makes the table again."""
    file = released.folder / TABLE
    lines = file.read_text("utf-8").splitlines()
    row = lines[1].split(",")
    place = next(n for n, cell in enumerate(row) if cell.isdecimal() and int(cell) > 0)
    row[place] = str(int(row[place]) + 1)
    file.write_text("\n".join([lines[0], ",".join(row), *lines[2:]]) + "\n", "utf-8")
    recorded = (released.folder / "dvc.lock").read_text("utf-8")
    hasher = Hasher(released.folder)
    for stage in yaml.safe_load(recorded)["stages"].values():
        for entry in [*stage["deps"], *stage["outs"]]:
            recorded = recorded.replace(entry["md5"], str(hasher.md5(entry["path"])))
    (released.folder / "dvc.lock").write_text(recorded, "utf-8")
    release(released)
    found = verified(released, "--tier", "2")
    assert [one for one in wrong(found) if one[0] == 1] == []
    assert [one["verdict"] for one in found["tiers"]] == ["same", "differs"]
    told = [(number, what) for number, what, _ in wrong(found) if what.startswith("metrics/")]
    assert told == [(2, TABLE)]


@pytest.mark.parametrize(
    "path", [TABLE, "data/generated/completions.jsonl", "models/adapters/original/manifest.json"]
)
def test_the_command_that_is_printed_restores_a_changed_file(released, path):
    file = released.folder / path
    before = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes(before + b"\n")
    own = {got for _, what, got in wrong(verified(released)) if path in what and "tampered" in got}
    (command,) = {got.partition("(if you changed it yourself: ")[2].rstrip(")") for got in own}
    tool, *words = command.split(" ")
    done = released.run(*([sys.executable, "-m", "dvc"] if tool == "dvc" else [tool]), *words)
    assert done.returncode == 0, done.stderr
    assert file.read_bytes() == before


def test_artifacts_that_are_not_there(released):
    shutil.rmtree(released.folder / "data/generated")
    found = verified(released, "--tier", "2")
    assert found["verdict"] == "not checked"
    assert (2, "data/prepared/original", "3 files: the same bytes") not in wrong(found)
    assert [what for number, what, _ in wrong(found) if number == 2] == ["made again", "made again"]


def test_a_clone_that_has_not_pulled(released, tmp_path):
    released.git("clone", "--quiet", ".", str(tmp_path / "clone"))
    clone = type(released)(tmp_path / "clone", released.env)
    found = verified(clone)
    assert found["verdict"] == "not checked"
    assert {got for _, _, got in wrong(found) if "not there" not in got} == {
        "not pulled (make pull, or: dvc pull)"
    }
