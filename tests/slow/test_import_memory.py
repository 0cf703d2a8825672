"""An export of 50 MB needs at most 300 MB of memory, whatever its form."""

import pytest

from benchmarks.importing import KINDS, MAX_MEGABYTES, N_ANSWERS, measure
from tests.importing.conftest import study

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", KINDS)
def test_memory_of_an_import(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(study(tmp_path / "project"))
    found = measure(kind, 50, tmp_path)
    assert found["n_found"] == N_ANSWERS
    assert found["megabytes"] < MAX_MEGABYTES
