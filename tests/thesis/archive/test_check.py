"""The archive's own check finds what was changed, lost or added, and needs Python 3.8 alone."""

import ast
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from stages.common.params import read_yaml
from tests.thesis.archive.small import md5
from tests.tiny import ROOT
from thesis.archive import check
from thesis.archive.check import main, outputs_of

WEIGHTS = md5(b"weights")
OBJECT = f"store/files/md5/{WEIGHTS[:2]}/{WEIGHTS[2:]}"


def resum(root: Path) -> None:
    """Make SHA256SUMS fit again, as somebody who tampers would."""
    names = [name for name in check.files_in(root) if name != check.SUMS]
    lines = [f"{hashlib.sha256((root / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (root / check.SUMS).write_text("".join(lines), "utf-8")


def test_an_archive_as_made_is_whole(unpacked):
    done = subprocess.run(["./check"], cwd=unpacked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("ok  ") == 4


@pytest.mark.parametrize("name", ["README.md", OBJECT, "project/dvc.lock", "repository.bundle", "check"])
def test_a_changed_file_is_named(unpacked, capsys, name):
    (unpacked / name).write_bytes((unpacked / name).read_bytes() + b" ")
    assert main([], unpacked) == 1
    assert f"{name}: changed" in capsys.readouterr().out


def test_a_missing_and_an_added_file_are_named(unpacked, capsys):
    (unpacked / "LICENSE-to-all").write_text("", "utf-8")
    (unpacked / ".DS_Store").write_text("", "utf-8")
    (unpacked / OBJECT).unlink()
    assert main([], unpacked) == 1
    said = capsys.readouterr().out
    assert f"{OBJECT}: missing" in said
    assert "LICENSE-to-all: not in SHA256SUMS" in said
    assert "lists adapter_model.safetensors, which is missing" in said
    assert ".DS_Store" not in said


def test_sums_that_were_made_to_fit_hide_no_damage(unpacked, capsys):
    (unpacked / OBJECT).write_bytes(b"other weights")
    (unpacked / "project/metrics/train_original.json").write_text("{}", "utf-8")
    bundle = unpacked / "repository.bundle"
    bundle.write_bytes(bundle.read_bytes()[:-1])
    resum(unpacked)
    assert main([], unpacked) == 1
    said = capsys.readouterr().out
    assert f"{OBJECT}: damaged" in said
    assert "project/metrics/train_original.json: not the output that dvc.lock names" in said
    assert "repository.bundle: damaged" in said


def test_an_output_that_is_nowhere_is_named(unpacked, capsys):
    # the empty file
    (unpacked / "store/files/md5/d4/1d8cd98f00b204e9800998ecf8427e").unlink()
    resum(unpacked)
    assert main([], unpacked) == 1
    assert "it's here.jsonl: missing, in the store and in project/" in capsys.readouterr().out


def test_a_lost_lock_is_a_failure_and_no_crash(unpacked, capsys):
    (unpacked / "project/dvc.lock").unlink()
    resum(unpacked)
    assert main([], unpacked) == 1
    assert "FAIL  every output of dvc.lock is here" in capsys.readouterr().out


@pytest.mark.parametrize("error", [FileNotFoundError("no name"), RecursionError("too deep"), MemoryError()])
def test_whatever_stops_a_check_is_a_finding(tmp_path, error):
    def stopped(root):
        raise error

    (line,) = check.found_by(stopped, tmp_path)
    assert line in (f"{error}: missing", f"{error} ({type(error).__name__})")


def test_results_are_copied_under_their_names(unpacked, tmp_path):
    assert main(["--copy", str(tmp_path / "results")], unpacked) == 0
    assert (
        tmp_path / "results/models/adapters/original/adapter_model.safetensors"
    ).read_bytes() == b"weights"
    assert json.loads((tmp_path / "results/data/collected/completions.jsonl").read_bytes())["draw"] == 1
    assert (tmp_path / "results/it's here.jsonl").read_bytes() == b""


def test_no_copy_leaves_the_folder(unpacked, tmp_path):
    lock = unpacked / "project/dvc.lock"
    lock.write_text(lock.read_text("utf-8").replace("path: data/collected", "path: ../../outside"), "utf-8")
    resum(unpacked)
    assert main(["--copy", str(tmp_path / "a/results")], unpacked) == 0
    assert not (tmp_path / "outside").exists()


def test_words_that_mean_nothing_end_with_2(unpacked):
    assert main(["--fast"], unpacked) == 2


def test_the_lock_is_read_as_yaml_reads_it():
    stages = read_yaml(ROOT / "dvc.lock")["stages"].values()
    expected = {out["path"]: out["md5"] for stage in stages for out in stage["outs"]}
    assert outputs_of((ROOT / "dvc.lock").read_text("utf-8")) == expected


def test_it_is_python_3_8_and_the_standard_library():
    tree = ast.parse(Path(check.__file__).read_text("utf-8"), feature_version=(3, 8))
    names = [node.names[0].name for node in ast.walk(tree) if isinstance(node, ast.Import)]
    modules = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {str(name).split(".")[0] for name in [*names, *modules]} <= sys.stdlib_module_names
