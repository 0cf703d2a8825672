"""The study about cats in a folder of its own."""

from pathlib import Path

import pytest

from stages.report.__main__ import PAGE, main
from tests.report.study import Page, completions, write_study


@pytest.fixture
def cats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The study before it is reported; the test runs in its folder."""
    write_study(tmp_path, completions())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study with its report; read-only."""
    folder = tmp_path_factory.mktemp("reported")
    write_study(folder, completions())
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        main()
    return folder


@pytest.fixture
def page(reported: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    """The page of the study; the test runs in its folder."""
    monkeypatch.chdir(reported)
    return Page(PAGE.read_text("utf-8"))
