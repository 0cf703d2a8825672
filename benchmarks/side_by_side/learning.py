"""LoRA training on the study's rows: ours today and earlier, TRL's SFTTrainer, a plain loop, be_great."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.processes import Failed, measured
from benchmarks.side_by_side import cost, work
from benchmarks.side_by_side.checkouts import OLD, checkout
from benchmarks.side_by_side.environments import SCRIPTS, cache_folder, python_of
from benchmarks.side_by_side.results import OURS, Line, Run
from benchmarks.side_by_side.turns import Setting, in_turns

BATCH = 4
"""Records per step, as in params.yaml."""
MALLOC = {
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": str(2**31 - 1),
    "MALLOC_TOP_PAD_": str(2**28),
}
"""What our stages set on Linux (stages/common/llm/__init__.py), as glibc reads it from the environment."""
LINE = Line(
    "training",
    "LoRA training",
    "tokens/s",
    required={OLD: 1.25, "TRL": 2.5, "TRL, our malloc settings": 2.0},
    notes={
        "be_great": 'trains on the people as "age is 34, …", without a prompt: about 75 tokens a row',
    },
)


def training(setting: Setting) -> Line:
    """Steps of each side on the same rows; the first warms up and does not count."""
    steps = 2 if setting.is_quick else 5
    file = cache_folder() / "work" / "training.json"
    asked = work.training(file, steps, BATCH)
    turns = setting.turns(2)
    present, old = (checkout(commit) for commit in (None, OLD))

    def run(measure: Callable[[], dict[str, Any]]) -> tuple[int, Callable[[], Run]]:
        return turns, lambda: _run(asked, measure(), setting)

    sides = {
        OURS: run(lambda: _ours(present, file)),
        OLD: run(lambda: _ours(old, file)),
        "TRL": run(lambda: _peer("huggingface", "sft", file)),
        "TRL, our malloc settings": run(lambda: _peer("huggingface", "sft", file, MALLOC)),
        "plain loop": run(lambda: _peer("huggingface", "plain", file)),
        "be_great": run(lambda: _peer("great", "great", file)),
    }
    line = in_turns(LINE, sides)
    theirs = {
        OLD: lambda file: _ours(old, file),
        "plain loop": lambda file: _peer("huggingface", "plain", file),
    }
    compared = {name: losses for name, losses in theirs.items() if name in line.runs}
    line.notes.update(
        _same_losses(3 if setting.is_quick else 60, lambda file: _ours(present, file), compared)
    )
    return line


Trained = Callable[[Path], dict[str, Any]]
"""What a side found, given the file of its work."""


def _same_losses(steps: int, ours: Trained, theirs: Mapping[str, Trained]) -> dict[str, str]:
    """What is noted of each side: how far its losses are from ours."""
    file = cache_folder() / "work" / "losses.json"
    work.training(file, steps, 2, short=True)
    notes = {}
    for name, train in theirs.items():
        try:
            pairs = zip(ours(file)["losses"], train(file)["losses"], strict=True)
            most = max(abs(own - their) for own, their in pairs)
            notes[name] = f"over {steps} steps, its losses and ours differ by at most {most:.0e} nats"
        except Failed as failed:
            notes[name] = f"losses not compared: {' '.join(str(failed).split())}"
    return notes


def _run(asked: dict[str, Any], found: dict[str, Any], setting: Setting) -> Run:
    """Tokens as a person would count them: prompt and completion of every record, computed once or not."""
    rows, seconds = asked["rows"][BATCH:], sum(found["seconds"][1:])
    n_tokens = sum(len(row["prompt_ids"]) + len(row["completion_ids"]) for row in rows)
    if "n_tokens" in found:  # be_great's own rows
        return {
            "value": sum(found["n_tokens"][1 : len(found["seconds"])]) / seconds,
            "peak_gigabytes": found["peak_gigabytes"],
        }
    needed = sum(cost.of_a_step(rows[n : n + BATCH]) for n in range(0, len(rows), BATCH))
    share = needed / seconds / 1e9 / setting.limits["gflops"]
    return {"value": n_tokens / seconds, "peak_gigabytes": found["peak_gigabytes"], "share": share}


def _ours(folder: Path, file: Path) -> dict[str, Any]:
    """What the code of a checkout takes."""
    path = {"PYTHONPATH": str(folder)}
    return measured([sys.executable, SCRIPTS / "ours.py", file], folder=folder, environment=path)


def _peer(peer: str, script: str, file: Path, environment: dict[str, str] | None = None) -> dict[str, Any]:
    return measured([python_of(peer), SCRIPTS / f"{script}.py", file], environment=environment)
