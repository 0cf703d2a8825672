"""What git and dvc print, and why they could not run."""

import pytest

from stages.shell.errors import UserError
from thesis.programs import NOT_FOUND, dvc, git, git_tried


@pytest.mark.parametrize("run", [git, dvc])
def test_a_missing_folder_is_no_missing_program(tmp_path, run):
    for place in (tmp_path / "gone", tmp_path / "file"):
        (tmp_path / "file").touch()
        with pytest.raises(UserError, match=f"{place.name}: no such folder, so {run.__name__} cannot run"):
            run("--version", root=place)


def test_a_missing_program_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="git is not installed"):
        git("--version", root=tmp_path)
    assert git_tried("--version", root=tmp_path) == (
        NOT_FOUND,
        "git is not installed, and this command needs it",
    )


def test_the_code_comes_with_what_git_said(tmp_path):
    assert git_tried("--version", root=tmp_path)[0] == 0
    code, said = git_tried("rev-parse", "HEAD", root=tmp_path)
    assert code
    assert said
