"""Sides take turns, so that a slow minute of the machine affects all of them."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import Failed
from benchmarks.side_by_side.results import Line, Run


@dataclass(frozen=True)
class Setting:
    """How much is measured."""

    limits: Mapping[str, float]
    is_quick: bool = False
    """Little work and one turn, to see that everything runs."""

    def turns(self, wanted: int) -> int:
        return 1 if self.is_quick else wanted


def in_turns(line: Line, sides: Mapping[str, tuple[int, Callable[[], Run]]]) -> Line:
    """The line with the runs of all sides; a side that fails is named in `missing`.

    Args:
        sides: by name, the number of turns and what makes one run.
    """
    for turn in range(max(turns for turns, _ in sides.values())):
        for side, (turns, measure) in sides.items():
            if turn >= turns or side in line.missing:
                continue
            try:
                run = measure()
            except Failed as failed:
                line.missing[side] = str(failed)
                line.runs.pop(side, None)
                say(f"{line.name}, {side}: not measured: {failed}")
            else:
                line.runs.setdefault(side, []).append(run)
                say(f"{line.name}, turn {turn + 1}, {side}: {run['value']:.3g} {line.unit}")
    return line


def timed(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> Run:
    """Seconds of a whole process.

    Raises:
        Failed: if it ends with an error.
    """
    start = time.perf_counter()
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        raise Failed("\n".join((done.stderr or done.stdout).strip().splitlines()[-8:]))
    return {"value": seconds}


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)
