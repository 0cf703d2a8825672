"""`dvc get . models/adapters/original --rev thesis-v1`: the artifacts of a tag, out of a remote alone."""

import shutil
from pathlib import Path

import pytest

from tests.project import Project
from tests.tiny import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ADAPTER = "models/adapters/original"
PIPELINE = f"""\
stages:
  train_original:
    cmd: python train.py
    params: [rank]
    deps: [train.py]
    outs: [{ADAPTER}]
"""
TRAIN = f"""\
from pathlib import Path

folder = Path("{ADAPTER}")
folder.mkdir(parents=True)
(folder / "adapter_model.safetensors").write_text(Path("params.yaml").read_text())
(folder / "manifest.json").write_text("{{}}")
"""


@pytest.fixture
def clone(tmp_path: Path) -> Project:
    """A clone without artifacts, of a project that went on after its tag and pushed both states."""
    project = Project(tmp_path / "project", {})
    project.folder.mkdir()
    for name, text in (("dvc.yaml", PIPELINE), ("train.py", TRAIN)):
        (project.folder / name).write_text(text, "utf-8")
    project.git("init", "--quiet", ".")
    project.dvc("init", "--quiet")
    shutil.copy(ROOT / ".gitignore", project.folder)
    project.dvc("remote", "add", "--default", "store", str(tmp_path / "store"))
    for rank in (16, 8):
        (project.folder / "params.yaml").write_text(f"rank: {rank}\n", "utf-8")
        project.dvc("repro")
        project.git("add", "--all")
        project.git("commit", "--quiet", "--message", f"Rank {rank}")
        project.dvc("push")
        if rank == 16:
            project.git("tag", "--annotate", "thesis-v1", "--message", "The results of the thesis")
    project.git("clone", "--quiet", str(project.folder), str(tmp_path / "clone"))
    shutil.rmtree(project.folder)
    return Project(tmp_path / "clone", {})


def test_the_adapter_of_a_tag_is_that_of_the_tag(clone: Project) -> None:
    clone.dvc("get", ".", ADAPTER, "--rev", "thesis-v1", "--out", "adapter")
    found = {file.name: file.read_text("utf-8") for file in (clone.folder / "adapter").iterdir()}
    assert found == {"adapter_model.safetensors": "rank: 16\n", "manifest.json": "{}"}


def test_getting_it_changes_nothing_in_the_clone(clone: Project) -> None:
    clone.dvc("get", ".", ADAPTER, "--rev", "thesis-v1", "--out", "adapter")
    shutil.rmtree(clone.folder / "adapter")
    assert clone.git("status", "--porcelain") == ""
    assert not (clone.folder / ADAPTER).exists()
    clone.dvc("pull")
    assert (clone.folder / ADAPTER / "adapter_model.safetensors").read_text("utf-8") == "rank: 8\n"


def test_a_tag_that_is_not_there_is_named(clone: Project) -> None:
    done = clone.run("dvc", "get", ".", ADAPTER, "--rev", "thesis-v9", "--out", "adapter")
    assert done.returncode != 0
    assert "thesis-v9" in done.stderr
