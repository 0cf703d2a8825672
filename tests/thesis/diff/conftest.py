"""A repository with one committed run."""

from pathlib import Path

import pytest

from tests.thesis.diff.runs import commit, git


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    git(folder, "init", "--quiet", ".")
    commit(folder)
    return folder
