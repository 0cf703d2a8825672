"""A person's mistakes: each ends with a message that says where and what, without a traceback."""

from pathlib import Path

import pytest

from tests.tiny import make_workspace


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    """A project with 40 people; the test runs in its folder."""
    folder = make_workspace(tmp_path / "project", Path("no-llama"), n_people=40)
    monkeypatch.chdir(folder)
    return folder
