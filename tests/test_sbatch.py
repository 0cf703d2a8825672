"""docs/thesis.sbatch, run with stand-ins for SLURM and dvc."""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

from torch.distributed.run import get_args_parser

from tests.tiny import ROOT

JOB = ROOT / "docs/thesis.sbatch"
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


def test_the_job_leaves_the_stage_time_to_end_and_pushes_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, **ENDED) != 0
    said = (tmp_path / "said").read_text().splitlines()
    assert [line.split()[-1] for line in said] == ["--allow-missing", "repro", "slept"]
