"""Small projects, in whose folder a test runs."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.thesis.archive.small import Small
from thesis.archive import running


def unzip(archive, folder):
    """Unpack as `unzip` does, with the right to run a file, which Python's zipfile leaves out."""
    with ZipFile(archive) as files:
        for entry in files.infolist():
            Path(files.extract(entry, folder)).chmod(entry.external_attr >> 16)
    return folder


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A project, not yet committed."""
    project = Small(tmp_path / "project")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-29T12:00:03Z")
    monkeypatch.chdir(project.root)
    return project


@pytest.fixture
def verified(monkeypatch):
    """Take every project for verified."""
    monkeypatch.setattr(running, "refuse_unverified", lambda: None)


@pytest.fixture
def unpacked(small, verified, tmp_path):
    """The archive of a small project, unzipped."""
    small.commit()
    running.run_archive(tmp_path / "a.zip", None, with_history=True)
    return unzip(tmp_path / "a.zip", tmp_path / "unpacked")
