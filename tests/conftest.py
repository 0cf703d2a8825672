"""Fixtures that several test modules share."""

import json
import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

from tests.tiny import ROOT, make_tiny_llama, make_workspace

os.environ.setdefault("OMP_NUM_THREADS", "1")  # tiny matrices: a second thread only waits
signal.signal(
    signal.SIGINT, signal.default_int_handler
)  # a shell's background jobs ignore it, and hand that on
settings.register_profile("repeatable", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def tiny_llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a random Llama of two layers."""
    people = json.loads((ROOT / "data/raw/original.json").read_text("utf-8"))[:100]
    return make_tiny_llama(tmp_path_factory.mktemp("tiny-llama"), [json.dumps(person) for person in people])


@pytest.fixture
def workspace(tmp_path: Path, tiny_llama: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project on the tiny Llama; the test runs in its folder."""
    folder = make_workspace(tmp_path / "project", tiny_llama)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("THESIS_DEVICE", "cpu")
    return folder
