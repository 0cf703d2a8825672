"""Measure this computer, above all a Mac, and write one file that can be sent to us.

    make bench-mac
    python -m benchmarks.mac --bases smollm2-135m --no-mlx

It runs `thesis doctor`, 20 training steps and 20 draws of each base, the same steps on the CPU, and those of
mlx-lm. What cannot run is told, and the file says why. docs/mac.md says where to send it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.mac import work
from benchmarks.mac.missing import missing
from benchmarks.mac.peer import train_with_mlx
from stages.common.files import write_json, write_records
from stages.shell.errors import run
from stages.shell.machine import anonymous, machine
from stages.shell.runs import WORK

Result: TypeAlias = dict[str, Any]
BASES = ("smollm2-135m", "llama-2-7b-nf4")
OUT = WORK / "bench-mac.json"
TOPICS = ("python", "packages", "device", "memory", "numbers", "time")
"""Checks of the doctor whose words are kept; those of others may name data and folders."""
BEFORE, STEPS = 1e-4, 2e-2
"""Nats per token up to which losses are equal, in float32: before training, and at any step. Rounding grows
with each step."""


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.mac",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--bases", nargs="*", default=BASES, help="entries of models/bases.yaml")
    parser.add_argument("--no-doctor", action="store_true", help="leave out the checks of thesis doctor")
    parser.add_argument("--no-mlx", action="store_true", help="leave out mlx-lm, which is installed for it")
    parser.add_argument("--out", type=Path, default=OUT, help="the file that is written")
    args = parser.parse_args()
    found: Result = {"format": 1, "machine": machine()}
    found["doctor"] = left_out("--no-doctor") if args.no_doctor else doctor()
    found["bases"] = {name: base(name, with_mlx=not args.no_mlx) for name in args.bases}
    write_json(args.out, private_words_removed(found))
    print(summary(found))
    print(f"\nWritten: {args.out}. docs/mac.md says where to send it.")


def doctor() -> Result:
    """Counts of the doctor's words, and its lines about machine and device."""
    _say("thesis doctor")
    said = _run(["-m", "thesis", "doctor", "--json"], os.environ)
    if "findings" not in said:
        return said
    kept = [{key: row[key] for key in ("topic", "word", "found")} for row in said["findings"]]
    return {"ran": True, "summary": said["summary"], "findings": [r for r in kept if r["topic"] in TOPICS]}


def base(name: str, with_mlx: bool) -> Result:
    """All parts of one base, and how far their losses are apart."""
    if why := missing(name):
        print(f"\n{name}: not run\n{why}", file=sys.stderr)
        return left_out(why.partition("\n")[0])
    with tempfile.TemporaryDirectory() as folder:
        write_records(Path(folder) / work.RECORDS, work.examples())
        parts = {"train": part("train", name, folder), "draw": part("draw", name, folder)}
        if work.base_named(name).dtype == "float32":
            parts |= {f"{which}_on_cpu": part(which, name, folder, "cpu") for which in ("draw", "train")}
            mlx = train_with_mlx if with_mlx else lambda folder: left_out("--no-mlx")
            _say(f"{name}: train with mlx-lm")
            parts["mlx_lm"] = mlx(Path(folder))
        else:
            why = "only a base in float32 is compared: in float32 this one fits into no Mac's memory"
            parts |= {which: left_out(why) for which in ("draw_on_cpu", "train_on_cpu", "mlx_lm")}
    parts = {which: finite(one) for which, one in parts.items()}
    texts = [parts[which].pop("token_ids", None) for which in ("draw", "draw_on_cpu")]
    equal = {
        "train_on_cpu": compared(parts["train"], parts["train_on_cpu"]),
        "mlx_lm": compared(parts["train"], parts["mlx_lm"]),
    }
    if all(texts):
        equal["draw_on_cpu"] = {"draws": len(texts[0]), "same": sum(map(list.__eq__, *texts))}
    return {"ran": True, **parts, "equal": equal}


def part(which: str, name: str, folder: str, device: str = "") -> Result:
    """One part in a process of its own, which gives back its memory and cannot take the others with it."""
    _say(f"{name}: {which}" + (f" on the {device}" if device else ""))
    environment = os.environ | ({"THESIS_DEVICE": device} if device else {})
    return _run(["-m", "benchmarks.mac.parts", which, name, folder], environment)


def finite(found: Result) -> Result:
    """A part whose losses are numbers; NaN is no JSON, and seems equal to anything in a maximum.

    >>> finite({"ran": True, "losses": [1.0, float("nan")]})
    {'ran': False, 'why': 'it ran, but the loss of step 2 is nan'}
    """
    ends = {f"the loss {when} training": found.get(f"loss_{when}", 0.0) for when in ("before", "after")}
    steps = {f"the loss of step {step}": loss for step, loss in enumerate(found.get("losses", []), start=1)}
    wrong = next(((what, loss) for what, loss in (steps | ends).items() if not isfinite(loss)), None)
    return left_out(f"it ran, but {wrong[0]} is {wrong[1]}") if wrong else found


def compared(ours: Result, others: Result) -> Result:
    """How far two trainings are apart, in nats per token: before, at the worst step, and after.

    >>> one = {"ran": True, "loss_before": 2.0, "losses": [2.0, 1.5], "loss_after": 1.0}
    >>> compared(one, {**one, "losses": [2.0, 1.75]})
    {'before': 0.0, 'largest': 0.25, 'after': 0.0, 'equal': False}
    """
    if not (ours["ran"] and others["ran"]):
        return left_out("one of the two did not run")
    before, after = (abs(ours[key] - others[key]) for key in ("loss_before", "loss_after"))
    largest = max(abs(a - b) for a, b in zip(ours["losses"], others["losses"], strict=True))
    equal = before <= BEFORE and max(largest, after) <= STEPS
    return {"before": before, "largest": largest, "after": after, "equal": equal}


def left_out(why: str) -> Result:
    return {"ran": False, "why": why}


def private_words_removed(value: Any) -> Any:
    """The value, its texts without paths and names of persons and computers."""
    if isinstance(value, dict):
        return {key: private_words_removed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [private_words_removed(inner) for inner in value]
    return anonymous(value) if isinstance(value, str) else value


def summary(found: Result) -> str:
    """A few lines for the person."""
    about = found["machine"]
    lines = [f"\n{about['chip']}, {about['memory_bytes'] / 1e9:.0f} GB, {about['system']}"]
    for name, parts in found["bases"].items():
        lines += [f"{name}: {line}" for line in _lines(parts)]
    return "\n".join(lines)


def _lines(parts: Result) -> list[str]:
    if not parts["ran"]:
        return [f"not run: {parts['why']}"]
    lines = []
    for which, one in parts.items():
        if isinstance(one, dict) and "tokens_per_second" in one:
            speed, peak = one["tokens_per_second"], one["peak_bytes"] / 1e9
            lines.append(f"{which:12} {one['device']:>4} {speed:7.0f} tokens/s, {peak:.1f} GB at most")
        elif isinstance(one, dict) and "why" in one:
            lines.append(f"{which:12} not run: {one['why']}")
    for other, one in parts["equal"].items():
        if "largest" in one:
            is_equal = "equal" if one["equal"] else "NOT equal"
            lines.append(
                f"losses are {is_equal} to those of {other}: {one['before']:.1g} nats apart before training, "
                f"{one['largest']:.1g} at the worst step"
            )
        elif "same" in one:
            lines.append(f"{one['same']} of {one['draws']} draws are the same on the CPU")
    return lines


def _run(words: list[str], environment: Mapping[str, str]) -> Result:
    """The JSON that a program of ours prints last, or why there is none."""
    done = subprocess.run(
        [sys.executable, *words], stdout=subprocess.PIPE, text=True, env=environment, check=False
    )
    try:
        said: Result = json.loads(done.stdout[done.stdout.index("{") :])
    except ValueError:
        how = f"signal {-done.returncode}" if done.returncode < 0 else f"code {done.returncode}"
        return left_out(
            f"the process ended with {how}" + (": too little memory?" if done.returncode == -9 else "")
        )
    return said


def _say(what: str) -> None:
    print(f"\n── {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    run(main)
