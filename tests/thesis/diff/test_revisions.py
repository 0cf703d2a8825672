"""Which revision a name means, and what a person reads who got it wrong."""

import pytest

from stages.shell.errors import UserError
from tests.thesis.diff.runs import commit, git
from thesis.diff.revisions import resolve, write_files


def test_a_tag_a_branch_and_a_commit_are_found(repository):
    head = git(repository, "rev-parse", "HEAD")
    git(repository, "tag", "-a", "thesis-v1", "-m", "An annotated tag is an object of its own")
    git(repository, "branch", "side")
    assert {resolve(name).commit for name in ("HEAD", "thesis-v1", "side", head[:8])} == {head}
    assert resolve("thesis-v1").place == "thesis-v1:"


def test_an_experiment_is_found_by_its_name(repository):
    first = git(repository, "rev-parse", "HEAD")
    second = commit(repository, n_valid=2)
    git(repository, "update-ref", "refs/exps/12/345678/loyal-flax", first)
    git(repository, "update-ref", "refs/exps/ab/cdef01/bold-moss", second)
    git(repository, "update-ref", "refs/exps/exec/bold-moss", first)
    assert (resolve("loyal-flax").commit, resolve("bold-moss").commit) == (first, second)


@pytest.mark.parametrize("name", ["thesis-1", "--all", "HEAD~9", "a b", "HEAD:params.yaml", ""])
def test_an_unknown_revision_names_the_tags(repository, name):
    git(repository, "tag", "thesis-v1")
    with pytest.raises(UserError, match=r"(?s)^'.*': no such commit, tag, .*  Tags: thesis-v1"):
        resolve(name)


def test_a_near_miss_is_suggested(repository):
    git(repository, "tag", "thesis-v1")
    git(repository, "update-ref", "refs/exps/12/345678/loyal-flax", "HEAD")
    with pytest.raises(UserError, match=r"Did you mean thesis-v1\?"):
        resolve("thesis-v2")
    with pytest.raises(UserError, match=r"(?s)Did you mean loyal-flax.*Experiments: loyal-flax"):
        resolve("loyal-flex")


def test_a_shallow_clone_says_that_it_is_one(repository, tmp_path, monkeypatch):
    commit(repository, n_valid=2)
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{repository}", "shallow")
    monkeypatch.chdir(tmp_path / "shallow")
    with pytest.raises(UserError, match="git fetch --unshallow --tags"):
        resolve("HEAD~1")


def test_outside_a_repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UserError, match="not a git repository"):
        resolve("HEAD")


def test_a_repository_without_a_commit(tmp_path, monkeypatch):
    git(tmp_path, "init", "--quiet", ".")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="no commit yet"):
        resolve("HEAD")


def test_without_git(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="git is not installed"):
        resolve("HEAD")


def test_files_are_those_of_the_commit_and_missing_ones_are_left_out(repository, tmp_path):
    first = resolve("HEAD")
    commit(repository, n_valid=2)
    write_files(first, ["metrics/evaluate.json", "metrics/absent.json", "params.yaml"], tmp_path / "out")
    found = sorted(path.name for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert found == ["evaluate.json", "params.yaml"]
    assert '"orig": 0.7' in (tmp_path / "out/metrics/evaluate.json").read_text("utf-8")


def test_a_project_in_a_folder_of_a_larger_repository(repository, tmp_path, monkeypatch):
    git(repository, "mv", "-k", "metrics", "inner")
    (repository / "inner").mkdir(exist_ok=True)
    commit(repository / "inner")
    monkeypatch.chdir(repository / "inner")
    write_files(resolve("HEAD"), ["params.yaml"], tmp_path / "out")
    assert (tmp_path / "out/params.yaml").exists()
