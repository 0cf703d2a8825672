"""`thesis archive`: refused unless verified; the same input gives the same bytes."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from stages.shell.errors import UserError
from thesis.archive.restoring import restore, unpack
from thesis.archive.running import run_archive, run_restore
from thesis.verify import running
from thesis.verify.findings import compared
from thesis.verify.outcome import Outcome

ARCHIVE = """
from thesis.archive import running
running.refuse_unverified = lambda: None
from pathlib import Path
running.run_archive(Path("{name}"), None, with_history=True)
"""


def test_what_is_not_verified_is_not_archived(small, tmp_path, monkeypatch):
    found = [compared("store", "objects", 1, 1), compared("score", "outputs: nll.jsonl", "a", "b")]
    monkeypatch.setattr(running, "run_tier", lambda tier, *_: Outcome(tier, found, 0.1))
    small.commit()
    with pytest.raises(
        UserError, match=r"verification found 1 fault\n  score, outputs: nll.jsonl: b\nNot pulled:"
    ):
        run_archive(tmp_path / "a.zip", None, with_history=True)
    assert not (tmp_path / "a.zip").exists()


def test_a_folder_that_is_no_project_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=r"dvc.lock: not found\nRun this from the project's folder"):
        run_archive(None, None, with_history=True)


def test_the_same_commit_gives_the_same_bytes(small, tmp_path):
    small.commit()
    small.git("tag", "v1")
    for name, folder in (("a", small.root), ("b", tmp_path / "elsewhere/clone")):
        if name == "b":
            subprocess.run(["git", "clone", "-q", "--no-local", small.root, folder], check=True)
            subprocess.run(["git", "gc", "-q", "--aggressive"], cwd=folder, check=True)
        env = {
            **os.environ,
            "PYTHONHASHSEED": str(len(str(folder))),
            "TZ": "Asia/Tokyo" if name == "b" else "UTC",
        }
        code = ARCHIVE.format(name=tmp_path / f"{name}.zip")
        subprocess.run([sys.executable, "-c", code], cwd=folder, env=env, check=True)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_the_zip_is_named_after_the_tag_and_holds_all_parts(small, verified, capsys):
    small.commit()
    small.git("tag", "thesis-v1")
    run_archive(None, None, with_history=True)
    with ZipFile("llama-thesis-thesis-v1.zip") as files:
        names = {name for name in files.namelist() if "/" not in name}
        inside = {name.split("/")[0] for name in files.namelist()}
        project = {name for name in files.namelist() if name.startswith("project/")}
    assert names == {
        "SHA256SUMS", "README.md", "CITATION.cff", "DATASHEET.md", "check", "repository.bundle",
        "ro-crate-metadata.json",
    }  # fmt: skip
    assert inside - names == {"project", "store", "model-cards"}
    assert not any("release/store" in name for name in project)
    assert "python3 check" in capsys.readouterr().out


def test_a_folder_without_restore_is_a_mistake(verified):
    with pytest.raises(UserError, match="--output"):
        run_archive(None, Path("clone"), with_history=True)


def test_a_damaged_zip_is_not_restored(small, verified, tmp_path):
    small.commit()
    run_archive(tmp_path / "a.zip", None, with_history=True)
    whole = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(whole.replace(b"weights", b"wEights", 1))
    with pytest.raises(UserError, match="Get it again"):
        run_restore(tmp_path / "a.zip", tmp_path / "clone")
    assert not (tmp_path / "clone").exists()


def test_another_zip_is_not_restored(tmp_path):
    with ZipFile(tmp_path / "a.zip", "w") as files:
        files.writestr("../outside.txt", "x")
    with pytest.raises(UserError, match=r"a.zip: has no SHA256SUMS, so it is no zip that"):
        run_restore(tmp_path / "a.zip", tmp_path / "clone")
    assert not (tmp_path / "clone").exists()


def test_a_pull_that_fails_leaves_nothing(small, verified, tmp_path):
    small.commit()
    run_archive(tmp_path / "a.zip", None, with_history=True)
    with pytest.raises(UserError, match="dvc"):  # the small project is none of DVC's
        run_restore(tmp_path / "a.zip", tmp_path / "restored/clone")
    assert [*(tmp_path / "restored").iterdir()] == []


def test_a_folder_in_the_way_stays_as_it_is(tmp_path):
    (tmp_path / "clone").mkdir()
    (tmp_path / "clone/mine.txt").write_text("mine", "utf-8")
    with pytest.raises(UserError, match="is there already"):
        restore(tmp_path / "a.zip", tmp_path / "clone")


def test_no_file_of_a_zip_lands_outside(tmp_path):
    with ZipFile(tmp_path / "a.zip", "w") as files:
        files.writestr("../../outside.txt", "x")
    unpack(tmp_path / "a.zip", tmp_path / "in/here")
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.txt")] == [
        "in/here/outside.txt"
    ]
