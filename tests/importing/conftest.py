"""A project with nothing but the study's prompts, as the current folder of a test."""

import shutil
from pathlib import Path

import pytest

from stages.collect.pasting import text_to_paste
from stages.common.prompts import load_asked_prompts
from stages.common.schema import load_schema
from tests.tiny import ROOT
from thesis.importing.recognizing import ASKED_CONDITIONS, expected_texts

NEEDED = ("params.yaml", "data/prompts.yaml", "data/schema/profile.schema.json")


def study(folder: Path) -> Path:
    for name in NEEDED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture
def project(tmp_path, monkeypatch):
    folder = study(tmp_path / "project")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def downloads(tmp_path):
    """A folder outside the project."""
    folder = tmp_path / "Downloads"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def expected():
    schema = load_schema(ROOT / NEEDED[2])
    return expected_texts(load_asked_prompts(schema, ROOT / NEEDED[1]), schema, 40)


@pytest.fixture(scope="session")
def texts():
    """Texts to paste, by prompt and condition."""
    schema = load_schema(ROOT / NEEDED[2])
    prompts = load_asked_prompts(schema, ROOT / NEEDED[1])
    return {(p.id, c): text_to_paste(p, c, schema, 40) for p in prompts for c in ASKED_CONDITIONS}
