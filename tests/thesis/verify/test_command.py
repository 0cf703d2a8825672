"""The command: exit codes, JSON, the two lists, the receipt; and what it needs and leaves alone."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.thesis.verify.finished import edit
from tests.tiny import ROOT
from thesis.cli import app
from thesis.verify import tiers
from thesis.verify.belonging.versions import tree_digest
from thesis.verify.findings import DAMAGE, Finding, Tier, unchecked
from thesis.verify.hashing import files_below

WITHOUT = """
import sys
class Refused:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("dvc", "dvc_data", "torch", "transformers", "model_signing"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Refused())
from thesis.cli import main
main()
"""


def verify(*words):
    return CliRunner().invoke(app, ["verify", *words])


def snapshot(folder):
    return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(folder.rglob("*"))}


def test_the_same_ends_with_0_and_two_lists(project):
    before = snapshot(project)
    done = verify()
    assert done.exit_code == 0, done.output
    head, lists = done.output.split("What this proved")
    proved, rest = lists.split("What it did not prove")
    assert head.startswith("Tier 1: Do the files belong together? It takes some seconds.")
    assert "expected" in head
    assert "completion names its adapter" in " ".join(proved.split())
    assert "Tier 2 was not run" in rest
    assert "Everything is the same (exit code 0)." in rest
    assert snapshot(project) == before


def test_a_difference_ends_with_1_and_proves_nothing(project):
    edit("metrics/evaluate.json", "0.5", "0.9")
    done = verify()
    assert done.exit_code == 1
    assert "✗ differs" in done.output
    assert "What this proved\n- Nothing\n" in done.output
    assert "Nothing by tier 1: 2 findings differ" in done.output


def test_a_path_stays_whole_in_a_pipe(project):
    path = "models/adapters/original/adapter_model.safetensors"
    edit(path, "original", "ORIGINAL")
    lines = [line for line in verify().output.splitlines() if line.startswith("✗ differs")]
    assert any(
        f"outputs: {path} | " in line and line.endswith(f"dvc checkout --force {path})") for line in lines
    )


def test_the_code_that_verifies_is_named_by_a_hash_that_other_code_can_compute(tmp_path):
    page = (ROOT / "docs/verifying.md").read_text("utf-8")
    (command,) = re.findall(r"python3 -c '(.+?)'\n", page, re.DOTALL)
    shutil.copytree(ROOT / "thesis/verify", tmp_path / "thesis")
    for name in (".DS_Store", "._tiers.py", "tiers.py~", ".tiers.py.swp", "~$a.docx", "more.pyc"):
        (tmp_path / "thesis/dice" / name).write_text("left by a program", "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    n, sha256 = tree_digest(tmp_path / "thesis")
    assert (n, sha256) == (len(files_below(ROOT / "thesis/verify")), done.stdout.strip())


def test_the_hash_of_the_code_that_verifies_is_printed(project):
    n, sha256 = tree_digest(ROOT / "thesis")
    assert f"{n} files of thesis/, which verify" in (output := verify("--json").output)
    assert f"sha256 {sha256}: compare it" in output


def test_what_is_not_pulled_ends_with_2(project):
    shutil.rmtree("data/scores")
    done = verify("--json")
    found = json.loads(done.output)
    assert (done.exit_code, found["exit_code"], found["verdict"]) == (2, 2, "not checked")
    named = {one["what"] for one in found["tiers"][0]["findings"] if "not pulled" in one["got"]}
    assert "outputs: data/scores/nll.jsonl" in named


def test_neither_dvc_nor_git_nor_torch_is_needed(project):
    """The content of a zip: no .git, no .dvc; and in an environment without these packages."""
    env = {"PYTHONPATH": str(ROOT), "PATH": "/nowhere", "HOME": str(project.parent)}
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, "verify"],
        cwd=project,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no git repository, or no git" in " ".join(done.stdout.split())


@pytest.mark.parametrize("words", [["--tier", "4"], ["--tier", "6"], ["--key", "gone.pub"], ["--dice", "-1"]])
def test_a_wrong_option_ends_with_2(project, words):
    assert verify(*words).exit_code == 2


def test_another_folder_ends_with_2(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = verify()
    assert done.exit_code == 2
    assert "Run this from the project's folder" in done.stderr


def test_a_tier_works_in_a_scratch_clone(project, monkeypatch):
    def check(root):
        assert Path.cwd() == root != project
        Path("metrics/evaluate.json").write_text("overwritten", "utf-8")
        yield Finding("evaluate", "numbers", "1", "1", True, seen={"largest_difference": 0.0})
        yield unchecked("evaluate", "the rest", "no time")

    tier = Tier(2, "A trial?", "no time", ["It ran."], ["More."], check)
    monkeypatch.setattr(tiers, "MAKERS", {1: tiers.MAKERS[1], 2: lambda options: tier})
    before = snapshot(project)
    done = verify("--tier", "2", "--receipt")
    assert done.exit_code == 2
    assert "Not checked: evaluate, the rest: no time" in done.output
    assert "It ran." not in done.output
    (receipt,) = (project / ".work/receipts").iterdir()
    found = json.loads(receipt.read_text("utf-8"))
    assert {path for path in snapshot(project) if path not in before and path != receipt} == {receipt.parent}
    assert [one["verdict"] for one in found["tiers"]] == ["same", "not checked"]
    assert found["tiers"][1]["findings"][0]["seen"] == {"largest_difference": 0.0}
    assert len(found["manifest"]) == 64
    assert found["machine"]["chip"]


@pytest.mark.parametrize("error", [*DAMAGE, RecursionError])
def test_an_artifact_that_code_trips_over_ends_its_tier_alone(project, monkeypatch, error):
    def check(root):
        yield Finding("evaluate", "numbers", "1", "1", True)
        raise error("of another form")

    tier = Tier(2, "A trial?", "no time", ["It ran."], [], check)
    monkeypatch.setattr(tiers, "MAKERS", {1: tiers.MAKERS[1], 2: lambda options: tier})
    done = verify("--tier", "2")
    assert done.exit_code == 2
    assert (
        f"Not checked: this tier, the checks that follow: {error.__name__}: of another form. " in done.output
    )
    assert "or this is a bug of thesis verify: if no other line names a file, report it" in done.output


def test_a_receipt_names_nobody_and_no_folder(project, monkeypatch):
    def check(root):
        yield unchecked("evaluate", "made again", f"{root}/a.json and /home/ann/thesis/b.json: gone")

    monkeypatch.setattr(tiers, "MAKERS", {1: lambda options: Tier(1, "A trial?", "no time", [], [], check)})
    verify("--receipt")
    (receipt,) = (project / ".work/receipts").iterdir()
    text = receipt.read_text("utf-8")
    assert "made again" in text
    assert not [word for word in ("ann", str(project.parent), "thesis/b.json") if word in text]
