"""Recorded runs: the versions, time and memory of each stage."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from thesis.archive.snapshot import Snapshot

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


def read_runs(snapshot: Snapshot) -> dict[str, Run]:
    """The recorded runs that made this commit's outputs, by stage. A record of another run counts as none."""
    found = (json.loads(file.content) for name, file in snapshot.files.items() if name.startswith(RUNS))
    contents = {**written(snapshot), **{name: file.content for name, file in snapshot.files.items()}}
    return {run["stage"]: _run(run) for run in found if _made(run, contents)}


def written(snapshot: Snapshot) -> dict[str, bytes]:
    """The content of every output that is in the store, by path."""
    files = (file for out in snapshot.outs for file in snapshot.store.files(out))
    return {file.path: snapshot.store.objects[file.md5].content for file in files}


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


def sha256_below(path: str, contents: Mapping[str, bytes]) -> str:
    """The hash of a file or a folder as `stages.common.files.sha256_of` has it, from contents by path."""
    if path in contents:
        return hashlib.sha256(contents[path]).hexdigest()
    inside = (PurePosixPath(name).relative_to(path) for name in contents if name.startswith(f"{path}/"))
    kept = sorted(name for name in inside if not any(part.startswith(".") for part in name.parts))
    listing = [[str(name), hashlib.sha256(contents[f"{path}/{name}"]).hexdigest()] for name in kept]
    return hashlib.sha256(json.dumps(listing).encode()).hexdigest()


def _made(run: Mapping[str, Any], contents: Mapping[str, bytes]) -> bool:
    return all(sha256_below(path, contents) == sha256 for path, sha256 in run["outputs"].items())


def _run(run: Mapping[str, Any]) -> Run:
    versions = {"python": str(run["python"]), **run.get("versions", {})}
    return Run(str(run["system"]), versions, {name: run[name] for name in UNITS if name in run})
