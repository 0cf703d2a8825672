"""Run the whole pipeline on random weights of Llama 2 7B's shape, and record each stage's peak memory.

    python -m benchmarks.whole_dag                             # 4 bits, 32 layers: 15 GB of disk, an hour
    python -m benchmarks.whole_dag --layers 2 --quantization none
    make bench-7b

It works in a clone of the last commit in a scratch folder, which is removed at the end: `dvc repro` with few
people, 2 steps and one draw of 8 tokens. Memory is anonymous memory (RssAnon of /proc): weights that are
only mapped from their file can be taken back by the system. Linux only.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import yaml

from benchmarks.random_checkpoint import LLAMA_2_7B, RAW, write
from stages.common.files import read_json, write_json
from stages.common.params import read_yaml
from stages.shell.errors import UserError
from stages.shell.machine import machine

ROOT = Path(__file__).parents[1]
RESULT = ROOT / "benchmarks/whole_dag.json"
SECONDS = 0.02
"""Time between two looks at a process."""
N_PEOPLE = 10
LIMITS = {"train_original": 7e9, "train_augmented": 7e9, "score": 7e9, "generate": 6e9}
"""Most bytes of the full model in 4 bits."""
CHANGES: dict[str, dict[str, Any]] = {
    "score": {"records_per_pack": 4, "resamples": 200},
    "generate": {"draws": 1, "max_new_tokens": 8, "shots": 1},
    "evaluate": {"null_draws": 200},
}
TRAINING = {
    "steps": 2,
    "batch_size": 1,
    "records_per_pack": 1,
    "max_length": 1024,
    "evaluate_every": 2,
    "validation_records": 1,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.whole_dag", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--layers", type=int, default=LLAMA_2_7B.layers)
    parser.add_argument("--quantization", choices=["nf4", "none"], default="nf4")
    parser.add_argument("--checkpoint", type=Path, help="a random checkpoint that is there already")
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()))
    args = parser.parse_args()
    if sys.platform != "linux":
        sys.exit("benchmarks.whole_dag reads /proc, which only Linux has")
    try:
        with tempfile.TemporaryDirectory(dir=args.scratch, prefix="thesis-whole-dag-") as home:
            shape = replace(LLAMA_2_7B, layers=args.layers)
            checkpoint = args.checkpoint or write(shape, Path(home) / "checkpoint")
            project = clone(Path(home) / "project", checkpoint.absolute(), args.quantization)
            found = run(project, Path(home) / "cache")
    except UserError as error:
        sys.exit(str(error))
    if (args.layers, args.quantization) == (LLAMA_2_7B.layers, "nf4"):
        refuse_more(found)
    weights = "bfloat16" if args.quantization == "none" else args.quantization
    keep(f"{args.layers} layers, {weights}", found)


def clone(project: Path, checkpoint: Path, quantization: str) -> Path:
    """A clone of the last commit on the checkpoint, with few people and one prompt."""
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(project)], check=True)
    bases, params = read_yaml(project / "models/bases.yaml"), read_yaml(project / "params.yaml")
    like = bases["llama-2-7b-nf4" if quantization == "nf4" else "llama-2-7b"]
    bases["random"] = like | {"origin": {"path": str(checkpoint)}}
    params["base"] = "random"
    params["train"]["common"] |= TRAINING
    for section, changes in CHANGES.items():
        params[section] |= changes
    prompts = read_yaml(project / "data/prompts.yaml")
    prompts["asked"] = prompts["asked"][:1]
    for file, content in (("models/bases", bases), ("params", params), ("data/prompts", prompts)):
        (project / f"{file}.yaml").write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
    for file in RAW:
        write_json(project / file, read_json(project / file)[:N_PEOPLE])
    return project


def run(project: Path, cache: Path) -> dict[str, dict[str, float]]:
    """Seconds and bytes at the peak of each stage that computes with the base."""
    environ = os.environ | {"PYTHONPATH": str(project), "THESIS_DEVICE": "cpu", "THESIS_CACHE": str(cache)}
    process = psutil.Popen([Path(sys.prefix) / "bin/dvc", "repro"], cwd=project, env=environ)
    peaks: dict[str, dict[str, float]] = {}
    with ended(process):
        while process.poll() is None:
            look(process, peaks)
            time.sleep(SECONDS)
    if process.returncode:
        raise UserError(f"dvc repro ended with code {process.returncode}\nRead what it printed above")
    return peaks


def look(process: psutil.Process, peaks: dict[str, dict[str, float]]) -> None:
    """Note what the stage that runs now holds."""
    for child in process.children(recursive=True):
        try:
            stage, held = stage_of(child.cmdline()), anonymous_bytes(child.pid)
        except (OSError, psutil.Error):
            continue  # it has just ended
        if stage in LIMITS:
            seen = peaks.setdefault(stage, {"anonymous_bytes": 0, "seconds": 0})
            seen["anonymous_bytes"] = max(seen["anonymous_bytes"], held)
            seen["seconds"] = round(time.time() - child.create_time(), 1)


def stage_of(command: list[str]) -> str:
    """The stage that a command line runs; "" for none.

    >>> stage_of(["python", "-m", "stages.train", "--condition", "original"])
    'train_original'
    >>> stage_of(["python", "-m", "stages.score"]), stage_of(["sh", "-c", "python -m stages.score"])
    ('score', '')
    """
    if len(command) < 3 or command[1] != "-m" or not command[2].startswith("stages."):
        return ""
    name = command[2].removeprefix("stages.")
    return f"{name}_{command[4]}" if name == "train" and len(command) > 4 else name


def anonymous_bytes(pid: int) -> int:
    """Memory of a process that is no file's."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("RssAnon:"))


@contextmanager
def ended(process: psutil.Process) -> Iterator[None]:
    """End a process and those it started, if an error or Ctrl-C leaves the block early."""
    try:
        yield
    finally:
        if process.is_running():
            for one in (*process.children(recursive=True), process):
                one.terminate()
            process.wait()


def keep(name: str, found: dict[str, dict[str, float]]) -> None:
    """Print the peaks, and put them beside those of other runs, with the machine."""
    known = read_json(RESULT) if RESULT.exists() else {}
    write_json(RESULT, dict(sorted((known | {name: found | {"machine": machine()}}).items())))
    print(json.dumps({name: found}, indent=2))
    for stage, one in found.items():
        print(f"{name}, {stage}: {one['anonymous_bytes'] / 1e9:.2f} GB, {one['seconds']:.0f} s")


def refuse_more(found: dict[str, dict[str, float]]) -> None:
    over = [stage for stage, limit in LIMITS.items() if found[stage]["anonymous_bytes"] > limit]
    if over:
        sys.exit(f"more memory than the limits of benchmarks/whole_dag.py allow: {', '.join(over)}")


if __name__ == "__main__":
    main()
