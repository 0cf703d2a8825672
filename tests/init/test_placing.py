"""All files or none."""

from pathlib import Path

import pytest

from thesis.init import placing
from thesis.init.placing import place

NEW = {Path("a/one.txt"): b"new one", Path("two.txt"): b"new two", Path("b/three.txt"): b"new three"}


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a").mkdir()
    Path("a/one.txt").write_bytes(b"old one")
    Path("two.txt").write_bytes(b"old two")
    Path("gone").mkdir()
    Path("gone/four.txt").write_bytes(b"old four")
    return tmp_path


def files():
    found = (path for path in Path().rglob("*") if path.is_file() and ".work" not in path.parts)
    return {str(path): path.read_bytes() for path in found}


OLD = {"a/one.txt": b"old one", "two.txt": b"old two", "gone/four.txt": b"old four"}


def test_what_was_there_is_in_the_backup(here):
    backup = place(NEW, [Path("gone/four.txt")])
    assert backup is not None
    assert files() == {str(path): content for path, content in NEW.items()}
    assert {str(p.relative_to(backup)): p.read_bytes() for p in backup.rglob("*") if p.is_file()} == OLD
    assert not Path("gone").exists()


def test_a_second_backup_leaves_the_first(here):
    first, second = place(NEW, []), place(NEW, [])
    assert first is not None
    assert first != second
    assert (first / "two.txt").read_bytes() == b"old two"


@pytest.mark.parametrize("mishap", [KeyboardInterrupt, OSError("no space")])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_whatever_stops_it_nothing_has_changed(here, monkeypatch, mishap, at):
    real, calls = Path.replace, []

    def replace(self, target):
        calls.append(target)
        if len(calls) == at + 1:
            raise mishap
        return real(self, target)

    monkeypatch.setattr(placing.Path, "replace", replace)
    with pytest.raises((KeyboardInterrupt, OSError)):
        place(NEW, [Path("gone/four.txt")])
    assert files() == OLD
