"""A study of one stage under git and DVC, quickly made: an adapter of random matrices, losses, a metric."""

import shutil
from pathlib import Path

from tests.project import Project
from tests.tiny import ROOT

MAKE = """import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

SEED = 1
folder = Path("models/adapters/original")
folder.mkdir(parents=True)
matrix = np.random.default_rng(SEED).normal(size=(16, 600)).astype("float32")
save_file({"layers.0.q_proj.lora_A.weight": matrix}, folder / "adapter_model.safetensors")
(folder / "manifest.json").write_text('{"same": "in every run"}')
Path("data/scores").mkdir(parents=True, exist_ok=True)
Path("data/scores/nll.jsonl").write_text(json.dumps({"nll": float(matrix.sum())}) + "\\n")
Path("loss.json").write_text(json.dumps({"loss": SEED}))
"""
PIPELINE = """stages:
  train:
    cmd: python make.py
    deps: [make.py]
    outs:
      - models/adapters/original
      - data/scores/nll.jsonl
      - loss.json: {cache: false}
"""
IGNORED = "/data/scores/\n/models/adapters/\n__pycache__/\n"
ADAPTER = "models/adapters/original/adapter_model.safetensors"
ARTIFACTS = (ADAPTER, "models/adapters/original/manifest.json", "data/scores/nll.jsonl")
OBJECTS = 4
"""In a remote: three files and the list of the folder's two."""


def make_small_study(folder: Path) -> Project:
    """A study that ran once and is committed, with the DVC and git settings of this repository."""
    folder.mkdir(parents=True)
    study = Project(folder, {})
    study.git("init", "--quiet", ".")
    study.dvc("init", "--quiet")
    for name in (".dvc/config", ".dvcignore", ".gitattributes"):
        shutil.copy(ROOT / name, folder / name)
    (folder / ".gitignore").write_text(IGNORED, "utf-8")
    (folder / "dvc.yaml").write_text(PIPELINE, "utf-8")
    run_again(study, seed=1)
    return study


def run_again(study: Project, seed: int) -> None:
    """Run the stage with a seed, and commit."""
    (study.folder / "make.py").write_text(MAKE.replace("SEED = 1", f"SEED = {seed}"), "utf-8")
    study.dvc("repro", "--quiet")
    commit(study, f"A run with seed {seed}")


def commit(study: Project, message: str) -> None:
    study.git("add", "--all")
    study.git("commit", "--quiet", "--message", message)


def clone(study: Project, folder: Path) -> Project:
    """A fresh clone, as from a server."""
    study.git("clone", "--quiet", study.folder.as_uri(), str(folder))
    return Project(folder, {})


def artifacts(study: Project) -> dict[str, bytes]:
    """Contents of the artifacts that are there."""
    files = [study.folder / name for name in ARTIFACTS]
    return {file.relative_to(study.folder).as_posix(): file.read_bytes() for file in files if file.is_file()}
