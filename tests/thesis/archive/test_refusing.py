"""What no archive is made from."""

import re
import subprocess

import pytest

from stages.common.params import read_yaml
from stages.shell.errors import UserError
from tests.thesis.archive.small import ANSWER, md5
from tests.tiny import ROOT
from thesis.archive.refusing import LOCAL, PRIVATE, refuse_private, refuse_uncompared, refuse_unfit
from thesis.archive.snapshot import snapshot


def refused(*, with_history=True):
    with pytest.raises(UserError) as error:
        refuse_unfit(snapshot(with_history=with_history))
    return str(error.value)


def test_a_released_run_is_fit(small):
    small.commit()
    refuse_unfit(snapshot())


def test_a_folder_without_a_commit_says_so(small):
    with pytest.raises(UserError, match="an archive is made from a commit"):
        snapshot()


def test_an_artifact_that_the_store_lacks_is_named(small):
    weights = md5(b"weights")
    (small.root / "release/store/files/md5" / weights[:2] / weights[2:]).unlink()
    small.commit()
    assert f"models/adapters/original/adapter_model.safetensors ({weights})" in refused()


def test_an_object_that_is_no_output_is_refused(small):
    small.store(b"weights of the base model")
    small.commit()
    assert md5(b"weights of the base model") in refused()


def test_what_a_tag_needs_may_be_in_the_store(small):
    small.commit()
    small.git("tag", "v1")
    weights = md5(b"weights")
    lock = (small.root / "dvc.lock").read_text("utf-8")
    other = small.store_folder({"adapter_model.safetensors": b"new", "manifest.json": b"{}"})
    [old] = re.findall(r"[0-9a-f]{32}\.dir", lock)
    small.write("dvc.lock", lock.replace(old, other).replace(weights, md5(b"new")))
    small.commit()
    refuse_unfit(snapshot())
    small.git("tag", "-d", "v1")
    assert weights in refused()


def test_an_answer_to_a_prompt_that_is_not_asked_is_refused(small):
    small.write("data/external/claude/none/typed-mine/01.md", "My own question\n")
    small.commit()
    assert "data/external/claude/none/typed-mine/01.md" in refused()


def test_an_answer_that_old_commits_have_is_refused_unless_they_stay_behind(small):
    small.write("data/external/claude/none/typed-mine/01.md", "My own question\n")
    small.commit()
    (small.root / "data/external/claude/none/typed-mine/01.md").unlink()
    small.commit("Remove it")
    assert "--no-history" in refused()
    refuse_unfit(snapshot(with_history=False))


def test_readmes_and_the_file_beside_an_answer_belong_to_it():
    sidecar = ANSWER.replace(".md", ".yaml")
    refuse_uncompared([ANSWER, sidecar, "data/external/claude/README.md", "data/raw/a.json"], {ANSWER})


@pytest.mark.parametrize(
    "path",
    ["conversations-001.json", "a/Takeout/x.html", "export.zip", ".env", ".dvc/config.local", "k/id_rsa"],
)
def test_exports_and_credentials_are_refused(path):
    with pytest.raises(UserError, match=re.escape(path)):
        refuse_private([path, "README.md"])


def test_private_is_what_gitignore_calls_so():
    text = (ROOT / ".gitignore").read_text("utf-8")
    [block] = re.findall(r"^# Private:.*\n((?:.+\n)+)", text, re.MULTILINE)
    assert [*PRIVATE] == block.split()


def test_nothing_of_this_repository_is_private():
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    refuse_private(done.stdout.splitlines())
    assert "config.local" in LOCAL


def test_a_shallow_clone_is_refused(small, tmp_path, monkeypatch):
    small.commit()
    small.write("a.txt", "a")
    small.commit("Second")
    clone = ["git", "clone", "-q", "--depth=1", f"file://{small.root}", str(tmp_path / "b")]
    subprocess.run(clone, check=True)
    monkeypatch.chdir(tmp_path / "b")
    assert "git fetch --unshallow" in refused()
    refuse_unfit(snapshot(with_history=False))


def test_a_stage_that_never_ran_is_named(small):
    described = read_yaml(small.root / "dvc.yaml")
    described["stages"]["later"] = {"cmd": "true"}
    small.write("dvc.yaml", str(described))
    small.commit()
    with pytest.raises(UserError, match="later never ran"):
        snapshot()
