"""Time `evaluate`: 1,000 completions of 6 arms in a minute, 10,000 in at most ten times as long.

    python -m stages.prepare
    python -m benchmarks.evaluate
    python -m benchmarks.evaluate --people 20000 --sizes 150

With 20,000 people per file, it should take at most 1.5 GB and 3 minutes.
The completions are made up: people of the prepared data with some fields of others, some cut off,
some with a comma too many. Only `evaluate` is timed, without reading and writing files. Memory is the
peak of the process so far, so give sizes in rising order.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from unittest import mock

from benchmarks.completions import made_up, populated
from stages.common.params import load_base_name, load_params
from stages.common.tables.base import Row
from stages.evaluate import study as stage
from stages.evaluate.__main__ import load_study
from stages.evaluate.cells import Study
from stages.evaluate.families import OF_A_CELL, OF_THE_STUDY
from stages.prepare.params import PrepareParams
from stages.shell.runs import peak_resident_bytes

SIZES = (1_000, 10_000)
N_SLOWEST = 8


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.evaluate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of completions")
    parser.add_argument("--people", type=int, help="made-up people per file (default: the prepared people)")
    args = parser.parse_args()
    sizes, study, base = args.sizes, load_study(), load_base_name()
    if args.people:
        study = populated(study, args.people, load_params(PrepareParams, section="prepare").shares)
    totals = [measure(size, study, base) for size in sizes]
    if len(totals) > 1:
        print(f"{sizes[-1]:,} took {totals[-1] / totals[0]:.1f} times as long as {sizes[0]:,}")


def measure(n_completions: int, study: Study, base: str) -> float:
    """Seconds of one evaluation; prints them, and the seconds of the slowest families."""
    completions = made_up(n_completions, study, base)
    seconds: dict[str, float] = {}
    start, start_cpu = time.perf_counter(), time.process_time()
    with (
        mock.patch.object(stage, "OF_A_CELL", timed(OF_A_CELL, seconds)),
        mock.patch.object(stage, "OF_THE_STUDY", timed(OF_THE_STUDY, seconds)),
    ):
        evaluation = stage.evaluate(completions, study)
    total, cpu = time.perf_counter() - start, time.process_time() - start_cpu
    seconds["reading and the rest"] = total - sum(seconds.values())
    peak = peak_resident_bytes() / 1e9
    print(f"{len(completions):,} completions, {len(evaluation.rows):,} rows: {total:.1f} s", end=", ")
    print(f"of CPU {cpu:.1f} s, memory {peak:.2f} GB")
    for name, one in sorted(seconds.items(), key=lambda item: -item[1])[:N_SLOWEST]:
        print(f"  {one:6.1f} s  {name}", flush=True)
    return total


def timed(families: Sequence[Callable[..., Iterator[Row]]], seconds: dict[str, float]) -> tuple[Any, ...]:
    """Wrap families so that each adds its time to `seconds` by name."""

    def clocked(family: Callable[..., Iterator[Row]]) -> Callable[..., list[Row]]:
        name = f"{family.__module__.removeprefix('stages.evaluate.')}.{family.__name__}"

        def run(*args: Any) -> list[Row]:
            start = time.perf_counter()
            rows = list(family(*args))
            seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - start
            return rows

        return run

    return tuple(clocked(family) for family in families)


if __name__ == "__main__":
    main()
