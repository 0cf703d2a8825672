"""Recorded runs: the versions, time and memory of each stage."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from thesis.archive.git import Kept

RUNS = "metrics/runs/"
UNITS = {
    "seconds": "https://qudt.org/vocab/unit/SEC",
    "peak_memory_bytes": "https://qudt.org/vocab/unit/BYTE",
}


@dataclass(frozen=True)
class Run:
    """What `make record` kept of a stage's run."""

    system: str
    versions: Mapping[str, str]
    """By package, with Python itself."""
    usage: Mapping[str, float]
    """What it took, by the names of UNITS."""


def read_runs(files: Mapping[str, Kept]) -> dict[str, Run]:
    """The recorded runs, by stage; a stage of which none was recorded is not there."""
    found = (json.loads(file.content) for name, file in files.items() if name.startswith(RUNS))
    return {run["stage"]: _run(run) for run in found if "stage" in run}


def packages(runs: Mapping[str, Run]) -> Iterator[tuple[str, str]]:
    """Every package and version that some stage ran with, once, sorted."""
    yield from sorted({pair for run in runs.values() for pair in run.versions.items()})


def address(package: str, version: str) -> str:
    """Where a version of a package is published.

    >>> address("torch", "2.13.0+cpu")
    'https://pypi.org/project/torch/2.13.0/'
    """
    public = version.partition("+")[0]
    if package == "python":
        return f"https://www.python.org/downloads/release/python-{public.replace('.', '')}/"
    return f"https://pypi.org/project/{package}/{public}/"


def _run(run: Mapping[str, Any]) -> Run:
    versions = {"python": str(run["python"]), **run.get("versions", {})}
    return Run(str(run["system"]), versions, {name: run[name] for name in UNITS if name in run})
