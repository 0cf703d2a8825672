"""A finished project under git and DVC, on the tiny Llama: made once per process, copied by the tests."""

import shutil
from pathlib import Path

import pytest

from stages.report.__main__ import PAGE
from stages.report.__main__ import main as write_report
from tests.chromium import CHROMIUM
from tests.project import make_project
from tests.report.study import completions, write_study


@pytest.fixture(scope="session")
def llama(tiny_llama, tmp_path_factory):
    """A tiny Llama that a test may take away."""
    return Path(shutil.copytree(tiny_llama, tmp_path_factory.mktemp("weights") / "llama"))


@pytest.fixture(scope="session")
def finished(llama, tmp_path_factory):
    """A project in which everything ran once, committed and pushed; tests copy it."""
    home = tmp_path_factory.mktemp("dag")
    project = make_project(home, llama)
    (project.folder / "README.md").write_text("A study\n", "utf-8")
    project.dvc("repro")
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message", "A run")
    project.dvc("remote", "add", "--local", "--default", "folder", str(home / "remote"))
    project.dvc("push")
    return project


@pytest.fixture
def project(finished, tmp_path):
    return finished.copy(tmp_path / "project")


@pytest.fixture(scope="module")
def browser():
    """A real Chromium."""
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The report of the study about cats, two of whose completions try to run a script."""
    folder = tmp_path_factory.mktemp("page")
    write_study(folder, completions())
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        write_report()
    return folder / PAGE
