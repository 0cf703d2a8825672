"""A trained project on the tiny Llama with its session, and a session that only recites."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.thesis.ask.fakes import Reciting, reciting
from tests.thesis.ask.study import trained_project


@pytest.fixture(scope="session")
def trained(tiny_llama: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two adapters of one step, and what `generate` drew from all arms."""
    return trained_project(tmp_path_factory.mktemp("ask") / "project", tiny_llama)


@pytest.fixture
def project(trained: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The trained project; the test runs in its folder, and what it saves is removed afterwards."""
    monkeypatch.chdir(trained)
    monkeypatch.setenv("THESIS_DEVICE", "cpu")
    yield trained
    shutil.rmtree(trained / "data/external", ignore_errors=True)


@pytest.fixture(scope="session")
def session(trained: Path) -> Any:
    """A session that is loaded once: asking changes nothing in it."""
    from thesis.ask.loading import open_session

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(trained)
        patch.setenv("THESIS_DEVICE", "cpu")
        return open_session(lambda _: None)


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reciting:
    """A session without a model; the test runs in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return reciting()
