import pytest

from tests.thesis.claims.fakes import write_study


@pytest.fixture
def study(tmp_path, monkeypatch):
    """The folder of a study whose claims all pass; the tests run in it."""
    write_study(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path
