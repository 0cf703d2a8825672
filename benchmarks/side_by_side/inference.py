"""`generate` and `score` beside our own earlier code, and drawing beside transformers and llama.cpp."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.processes import measured
from benchmarks.side_by_side import cost, work
from benchmarks.side_by_side.checkouts import OLD, checkout
from benchmarks.side_by_side.environments import SCRIPTS, cache_folder, python_of
from benchmarks.side_by_side.results import OURS, Line, Run
from benchmarks.side_by_side.turns import Setting, in_turns
from stages.common.records import CONDITIONS

ONE_ROW = "ours, one row"
ONE, TOGETHER = "model.generate, a draw at a time", "model.generate, a prompt's draws at once"
LLAMA = "llama.cpp"
ARMS = (None, *CONDITIONS)
"""The base, and the adapter of each dataset."""


def generation(setting: Setting) -> Line:
    """5 arms x 3 prompts x 10 draws, with the weights loaded; of a draw at a time, one per arm and prompt."""
    draws = 2 if setting.is_quick else 10
    line = Line(
        "generation",
        f"drawing: 5 arms × 3 prompts × {draws} draws",
        "tokens/s",
        required={OLD: 3.5, ONE: 8, TOGETHER: 2, LLAMA: 1},
        notes={
            LLAMA: "float32 weights and cache; each adapter is merged into weights of its own, beforehand",
            ONE: "one draw per arm and prompt; its share is of the memory's bandwidth",
            ONE_ROW: "one draw per arm and prompt; its share is of the memory's bandwidth",
        },
    )
    present, old = (checkout(c, generate={"draws": draws}) for c in (None, OLD))
    single = checkout(None, generate={"draws": 1, "batch_size": 1}, name="one-row")
    file = cache_folder() / "work" / "drawing.json"
    work.drawing(file, cache_folder() / "work" / "gguf", draws)

    def run(turns: int, measure: Callable[[], dict[str, Any]], *, one: bool = False) -> Any:
        return setting.turns(turns), lambda: _run(measure(), setting, one_row=one)

    def transformers(n_rows: int) -> dict[str, Any]:
        return measured([python_of("huggingface"), SCRIPTS / "draws.py", file, str(n_rows)])

    sides = {
        OURS: run(2, lambda: _stage(present, "generate")),
        OLD: run(1, lambda: _stage(old, "generate")),
        LLAMA: run(2, lambda: measured([python_of("llama"), SCRIPTS / "llama.py", file])),
        TOGETHER: run(1, lambda: transformers(draws)),
        ONE: run(1, lambda: transformers(1), one=True),
        ONE_ROW: run(1, lambda: _stage(single, "generate"), one=True),
    }
    return in_turns(line, sides)


def score(setting: Setting) -> Line:
    """The held-out profiles under every arm, with the weights loaded."""
    line = Line("score", "`score`", "s", required={OLD: 1 / 1.6})
    records = 4 if setting.is_quick else 0
    present, old = (checkout(commit, records=records) for commit in (None, OLD))
    needed = len(ARMS) * sum(map(cost.of_losses, work.scoring()))
    sides = {
        side: (setting.turns(2), lambda folder=folder: _scored(_stage(folder, "score"), needed, setting))
        for side, folder in {OURS: present, OLD: old}.items()
    }
    return in_turns(line, sides)


def _stage(folder: Path, name: str) -> dict[str, Any]:
    path = {"PYTHONPATH": str(folder)}
    return measured([sys.executable, SCRIPTS / "stage.py", name], folder=folder, environment=path)


def _scored(found: dict[str, Any], needed: float, setting: Setting) -> Run:
    share = {} if setting.is_quick else {"share": needed / found["seconds"] / 1e9 / setting.limits["gflops"]}
    return {"value": found["seconds"], "peak_gigabytes": found["peak_gigabytes"], **share}


def _run(found: dict[str, Any], setting: Setting, *, one_row: bool) -> Run:
    speed = found["n_tokens"] / found["seconds"]
    if one_row:
        share = speed * cost.bytes_of_a_token() / 1e9 / setting.limits["gigabytes_per_second"]
    else:
        share = cost.of_drawing(speed) / 1e9 / setting.limits["gflops"]
    return {"value": speed, "peak_gigabytes": found["peak_gigabytes"], "share": share}
