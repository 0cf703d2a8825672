"""Compare training speed and memory with TRL's SFTTrainer.

    pip install -c requirements.lock -e ".[benchmarks]"
    python -m benchmarks.training

All sides train the same LoRA on the same token ids of the default base in float32: 8 records per
step, losses on completions only, no gradient checkpointing. Each run is a separate process;
they take turns, so that a slow minute of the machine affects all. Tokens are counted as a
person would: prompt and completion of every record, whether computed once or eight times.
`trl` is SFTTrainer as installed; `trl+malloc` adds the memory settings that our stages use
on Linux (stages/common/llm/__init__.py), to show their effect alone.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

from stages.shell.runs import peak_resident_bytes

SIDES: dict[str, dict[str, str]] = {"ours": {}, "trl": {"THESIS_MALLOC": "system"}, "trl+malloc": {}}
"""The compared sides, and the environment of each."""
BATCH = 8


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__.split("\n")[0])
    parser.add_argument("--data", choices=("short", "study"), default="short")
    parser.add_argument("--steps", type=int, default=5, help="optimizer steps that count, after one")
    parser.add_argument("--rounds", type=int, default=3, help="runs per side, in turns")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.side:
        print(json.dumps(measure(args.side, args.data, args.steps)))
        return
    report(in_turns(args.rounds, args.data, args.steps))


def in_turns(n_rounds: int, data: str, steps: int) -> dict[str, list[dict[str, float]]]:
    """The runs of each side; the runs of a round follow each other."""
    results: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
    for number in range(n_rounds):
        for side in SIDES:
            results[side].append(_in_process(side, data, steps))
            print(f"round {number + 1}, {side}: {results[side][-1]}", file=sys.stderr)
    return results


def report(results: dict[str, list[dict[str, float]]]) -> None:
    """Print the medians of each side, the ratio of every round, and the median of the ratios."""
    for side, runs in results.items():
        speed, peak = (median(run[key] for run in runs) for key in ("tokens_per_second", "peak_gigabytes"))
        print(f"{side:10} {speed:6.0f} tokens/s  {peak:5.2f} GB peak  (median of {len(runs)})")
    for other in (side for side in SIDES if side != "ours"):
        for key in ("tokens_per_second", "peak_gigabytes"):
            ratios = [a[key] / b[key] for a, b in zip(results["ours"], results[other], strict=True)]
            each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
            print(f"ours / {other}, {key}: {median(ratios):.2f}  (median of {each})")


def measure(side: str, data: str, steps: int) -> dict[str, float]:
    """One run in this process; the first step warms up and does not count."""
    from benchmarks import sides

    model, tokenizer, rows = sides.setting(side, data, n_records=BATCH * (steps + 1))
    seconds = sides.train(side, model, tokenizer, rows, BATCH, steps + 1)
    n_tokens = sum(len(r["prompt_ids"]) + len(r["completion_ids"]) for r in rows[BATCH:])
    return {"tokens_per_second": n_tokens / sum(seconds[1:]), "peak_gigabytes": peak_resident_bytes() / 1e9}


def _in_process(side: str, data: str, steps: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.training"]
    command += [f"--side={side}", f"--data={data}", f"--steps={steps}"]
    folder, environment = Path(__file__).parents[1], os.environ | SIDES[side]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


if __name__ == "__main__":
    main()
