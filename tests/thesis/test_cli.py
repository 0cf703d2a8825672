"""A command ends as a stage does."""

import pytest

from thesis import cli


def test_ctrl_c_ends_with_130(monkeypatch):
    def app(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "app", app)
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 130
