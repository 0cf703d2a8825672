"""make remote, push, pull and release: who writes where."""

import shutil
import sys

import pytest

from tests.small_study import OBJECTS, artifacts, clone, commit, make_small_study
from tests.tiny import ROOT


@pytest.fixture(scope="module")
def author(tmp_path_factory):
    """A study with the Makefile of this repository, released."""
    study = make_small_study(tmp_path_factory.mktemp("make") / "study")
    shutil.copy(ROOT / "Makefile", study.folder)
    with (study.folder / ".gitignore").open("a") as ignored:
        ignored.write("/.venv/\n")
    commit(study, "Add a Makefile")
    installed(study)
    make(study, "release")
    commit(study, "Release")
    return study


def installed(study):
    """Put an environment where make looks for it: this one."""
    programs = study.folder / ".venv/bin"
    programs.mkdir(parents=True)
    for name, words in (("python", ""), ("dvc", " -m dvc")):
        (programs / name).write_text(f'#!/bin/sh\nexec {sys.executable}{words} "$@"\n')
        (programs / name).chmod(0o755)
    study.env |= {"PYTHONPATH": str(ROOT)}


def make(study, *words, fails=False):
    done = study.run("make", "-o", ".venv/.installed", *words)
    assert (done.returncode != 0) == fails, done.stdout + done.stderr
    return done.stdout


def files(folder):
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


def test_a_fresh_clone_pulls_from_the_store_and_pushes_nowhere(author, tmp_path):
    fresh = clone(author, tmp_path / "clone")
    installed(fresh)
    make(fresh, "pull")
    assert artifacts(fresh) == artifacts(author) != {}
    fresh.dvc("repro", "--quiet", "--force")
    (fresh.folder / "release/store/files").rename(tmp_path / "away")
    assert "You have no remote of your own" in make(fresh, "push", fails=True)
    assert "make remote URL=" in make(fresh, "push", fails=True)
    assert files(fresh.folder / "release/store") == set()


def test_ones_own_remote_takes_what_is_pushed_and_is_pulled_from(author, tmp_path):
    first, second = clone(author, tmp_path / "first"), clone(author, tmp_path / "second")
    for study in (first, second):
        installed(study)
        make(study, "remote", f"URL={tmp_path / 'disk'}")
        shutil.rmtree(study.folder / "release/store")
    first.dvc("repro", "--quiet")
    make(first, "push")
    assert len(files(tmp_path / "disk")) == OBJECTS
    assert not (first.folder / "release/store").exists()
    make(second, "pull")
    assert artifacts(second) == artifacts(author)
    assert ".dvc" not in second.git("status", "--porcelain")
