"""Measure our work beside what others would use for it, and write the table of docs/speed.md.

    make bench                                        # everything: about 40 minutes
    python -m benchmarks.side_by_side --only score    # one line: print it, write nothing
    python -m benchmarks.side_by_side --quick         # little work, to see that everything runs

Peers are installed once, from PyPI, each into an environment of its own in the user's cache. A peer
that cannot be installed or fails is named in the table, with the reason.
"""

import argparse
import json
import os
import platform
import subprocess
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import psutil

from benchmarks.side_by_side import commands, inference, learning, page
from benchmarks.side_by_side.checkouts import refuse_missing
from benchmarks.side_by_side.limits import limits
from benchmarks.side_by_side.results import Line, as_json, lines_of
from benchmarks.side_by_side.turns import Setting, say
from stages.common.files import write_json
from stages.shell.errors import UserError, run
from stages.shell.locked import installed_version
from stages.shell.machine import chip

Measure = Callable[[Setting], Line]
STARTS: dict[str, Measure] = {
    f"start-{stage}": partial(commands.start, stage=stage)
    for stage in ("prepare", "collect", "evaluate", "report")
}
LINES: dict[str, Measure] = {
    "training": learning.training,
    "generation": inference.generation,
    "score": inference.score,
    "repro": commands.repro,
    "unchanged": commands.unchanged,
    **STARTS,
}


def main() -> None:
    args = _arguments()
    refuse_missing(args.only)
    machine = _machine(args.quick)
    if args.write and machine["commit"].endswith("-dirty"):
        raise UserError(
            "the page would name a commit that was not measured\nCommit first, or leave out --write"
        )
    setting = Setting(limits(), args.quick)
    say(f"limits: {setting.limits}")
    run_by: dict[str, Any] = {"machine": machine, "limits": setting.limits}
    measured = [replace(LINES[name](setting), **run_by) for name in args.only]
    print(page.table(as_json(measured)))
    if args.write:
        lines = {line.key: line for line in [*_known(args.quick), *measured]}
        places = [*LINES]
        write_json(page.RESULTS, as_json(sorted(lines.values(), key=lambda line: places.index(line.name))))
        page.write_table()


def _known(is_quick: bool) -> list[Line]:
    """Lines of earlier runs, of which some may stay; those of quick runs do not mix with others."""
    if not page.RESULTS.exists():
        return []
    lines = lines_of(json.loads(page.RESULTS.read_text("utf-8")))
    return [line for line in lines if line.machine["quick"] == is_quick]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.side_by_side",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", nargs="+", choices=LINES, default=[*LINES], help="lines (default: all)")
    parser.add_argument("--quick", action="store_true", help="little work, one turn")
    parser.add_argument("--write", action="store_true", help="into the JSON and the page")
    return parser.parse_args()


def _machine(is_quick: bool) -> dict[str, Any]:
    described = ["git", "describe", "--always", "--dirty", "--abbrev=7", "--exclude=*"]
    return {
        "cores": os.cpu_count(),
        "processor": chip(),
        "gigabytes": psutil.virtual_memory().total / 2**30,
        "python": platform.python_version(),
        **{name: installed_version(name) for name in ("torch", "transformers", "peft")},
        "quick": is_quick,
        "commit": subprocess.run(described, capture_output=True, text=True, check=True).stdout.strip(),
    }


if __name__ == "__main__":
    run(main)
