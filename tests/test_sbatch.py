"""docs/thesis.sbatch, run with stand-ins for SLURM and dvc."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from torch.distributed.run import get_args_parser

from stages.shell.errors import UserError
from stages.train.__main__ import _refuse_uneven
from stages.train.params import TrainParams
from tests.tiny import ROOT

JOB = ROOT / "docs/thesis.sbatch"
SCALE = ROOT / "docs/scale.md"
SLURM = {
    "SLURM_NNODES": "2",
    "SLURM_CPUS_PER_TASK": "16",
    "SLURM_JOB_ID": "86",
    "SLURM_JOB_NODELIST": "node[1-2]",
}
FAKES = {
    "scontrol": "printf 'node1\\nnode2\\n'",
    "dvc": 'echo "$@" >> said; echo "$THESIS_LAUNCHER" > launcher; echo "$OMP_NUM_THREADS" > threads',
}


ENDED = {
    "dvc": 'echo "$@" >> said; case "$2" in repro) kill -USR1 $PPID; exec tail -f /dev/null;; esac',
    "sleep": "echo slept >> said",
}
"""A dvc that is at work when the job's time is nearly over, and a sleep that takes no time."""


def run(folder: Path, **fakes: str) -> int:
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/bin/activate").touch()
    for name, code in {**FAKES, **fakes}.items():
        (folder / name).write_text(f"#!/bin/bash\n{code}\n")
        (folder / name).chmod(0o755)
    env = {**os.environ, **SLURM, "SLURM_SUBMIT_DIR": str(folder)}
    env["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"
    bash = shutil.which("bash") or "bash"
    subprocess.run([bash, "-n", JOB], check=True)
    return subprocess.run([bash, JOB], env=env, check=False, timeout=60).returncode


def test_the_job_pulls_runs_and_pushes_with_a_launcher_on_every_node(tmp_path: Path) -> None:
    assert run(tmp_path) == 0
    said = (tmp_path / "said").read_text().splitlines()
    assert [line.split()[1] for line in said] == ["pull", "repro", "push"]
    assert (tmp_path / "threads").read_text() == "4\n"  # 16 cores for 4 cards
    words = shlex.split((tmp_path / "launcher").read_text())
    assert words[0] == "srun"
    stage = ["-m", "stages.train", "--condition", "original"]
    of_torch = get_args_parser().parse_args([*words[words.index("torchrun") + 1 :], *stage])
    assert (of_torch.nnodes, of_torch.nproc_per_node) == ("2", "4")
    assert (of_torch.rdzv_backend, of_torch.rdzv_endpoint, of_torch.rdzv_id) == ("c10d", "node1:29500", "86")
    assert (of_torch.module, of_torch.training_script) == (True, "stages.train")
    assert of_torch.training_script_args == ["--condition", "original"]


def shared_by(n_ranks: int, monkeypatch: pytest.MonkeyPatch, **settings: int) -> None:
    """UserError if so many processes cannot share a step of the default study with these settings."""
    monkeypatch.setenv("WORLD_SIZE", str(n_ranks))
    common = yaml.safe_load((ROOT / "params.yaml").read_text())["train"]["common"]
    _refuse_uneven(TrainParams.model_validate(common | settings))


def test_the_default_study_runs_on_its_processes_with_what_the_header_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = JOB.read_text("utf-8")
    nodes, cards, used = (
        int(re.search(pattern, text, re.MULTILINE)[1])  # type: ignore[index]
        for pattern in (r"^#SBATCH --nodes=(\d+)", r"^#SBATCH --gpus-per-node=(\d+)", r"^cards=(\d+)")
    )
    assert f"{nodes} nodes with {cards} cards are {nodes * cards} processes" in text
    assert used == cards
    told = {name: int(value) for name, value in re.findall(r"^#   (\w+): (\d+)$", text, re.MULTILINE)}
    shared_by(nodes * cards, monkeypatch, **told)
    with pytest.raises(UserError):
        shared_by(nodes * cards, monkeypatch)


def test_the_page_says_what_several_processes_need(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = re.findall(r"^\| (\d+) \| (\d+) \| (\d+) \|$", SCALE.read_text("utf-8"), re.MULTILINE)
    assert [n for n, _, _ in rows] == ["1", "2", "4", "8"]
    for n_ranks, batch_size, pack in (map(int, row) for row in rows):
        shared_by(n_ranks, monkeypatch, batch_size=batch_size, records_per_pack=pack)


def test_the_job_leaves_the_stage_time_to_end_and_pushes_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, **ENDED) != 0
    said = (tmp_path / "said").read_text().splitlines()
    assert [line.split()[-1] for line in said] == ["--allow-missing", "repro", "slept"]
