"""A finished project, made once per process and copied for each test."""

import shutil

import pytest

from tests.thesis.verify.finished import finish
from tests.tiny import ROOT, make_workspace


@pytest.fixture(scope="session")
def released(tiny_llama, tmp_path_factory):
    folder = make_workspace(tmp_path_factory.mktemp("released") / "project", tiny_llama)
    shutil.copy(ROOT / ".dvcignore", folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        finish()
    return folder


@pytest.fixture
def project(released, tmp_path, monkeypatch):
    """A copy of it; the test runs in its folder."""
    folder = shutil.copytree(released, tmp_path / "project")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("THESIS_CACHE", str(tmp_path / "cache"))
    return folder
