"""How every command ends, whatever it does."""

import errno

import pytest

from thesis import cli


def ends(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> object:
    def app(**_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "app", app)
    with pytest.raises(SystemExit) as end:
        cli.main()
    return end.value.code


def test_a_file_that_cannot_be_written_is_named(monkeypatch):
    told = ends(monkeypatch, PermissionError(errno.EACCES, "Permission denied", "data/external"))
    assert "data/external: Permission denied" in str(told)


def test_ctrl_c_ends_with_130(monkeypatch):
    assert ends(monkeypatch, KeyboardInterrupt()) == 130
