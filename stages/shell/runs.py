"""Description of the machine of a run, apart from the science: time, memory, versions.

Each stage leaves .work/runs/<stage>.json; `python -m stages.shell.runs` copies those whose
outputs are still the ones they describe to metrics/runs/.
"""

import platform
import resource
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stages.common.files import read_json, read_text, sha256_of, write_json
from stages.shell import errors
from stages.shell.alone import alone
from stages.shell.ending import stoppable
from stages.shell.locked import installed_version, locked_versions
from stages.shell.parts import remove_parts
from stages.shell.rank import is_first, n_ranks
from stages.shell.used import Used

WORK = Path(".work")
RUNS = WORK / "runs"
RECORDED = Path("metrics/runs")
LOCK = Path("requirements.lock")
NOTHING = "nothing; run dvc repro first"
PACKAGES = (
    "torch", "transformers", "tokenizers", "peft", "datasets",
    "dvc", "numpy", "scipy", "pandas", "bitsandbytes",
)  # fmt: skip


@contextmanager
def recorded(stage: str, outputs: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """Run a stage alone, end with dvc, and describe a run that succeeds; the stage may add details.

    The stage must read all its inputs within it. Of several processes the first does all this; the
    others only end with what started them.

    Raises:
        UserError: another process runs the stage, or its inputs changed meanwhile.
    """
    details: dict[str, Any] = {}
    if not is_first():
        with stoppable():
            yield details
        return
    with stoppable(), alone(WORK / stage):
        remove_parts(stage)
        used, start = Used(stage), time.monotonic()
        yield details
        used.refuse_changes()
        run = {
            "stage": stage,
            "seconds": round(time.monotonic() - start, 1),
            "peak_memory_bytes": peak_resident_bytes(),
            "processes": n_ranks(),
            "system": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "versions": versions(),
            **lock_facts(),
            **details,
            "outputs": {path.as_posix(): sha256_of(path) for path in outputs},
        }
        write_json(RUNS / f"{stage}.json", run)


def versions() -> dict[str, str]:
    """Installed versions of the packages that results may depend on."""
    found = {package: installed_version(package) for package in PACKAGES}
    return {package: version for package, version in found.items() if version is not None}


def lock_facts() -> dict[str, Any]:
    """Contents of requirements.lock. It is no dep, so only this shows a change of it."""
    if not LOCK.exists():
        return {}
    pins = locked_versions(read_text(LOCK))
    return {
        "locked": {package: pins[package] for package in PACKAGES if package in pins},
        "lock_sha256": sha256_of(LOCK),
    }


def record_current() -> list[str]:
    """Copy the descriptions that still fit their outputs; returns the stages copied."""
    copied = []
    for file in sorted(RUNS.glob("*.json")):
        run = read_json(file)
        if is_current(run):
            write_json(RECORDED / file.name, run)
            copied.append(run["stage"])
    return copied


def is_current(run: Mapping[str, Any]) -> bool:
    """Whether the outputs that a run describes are still the ones it wrote."""
    return all(Path(path).exists() and sha256_of(Path(path)) == sha for path, sha in run["outputs"].items())


def peak_resident_bytes() -> int:
    """Largest resident size of this process so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # kilobytes on Linux


if __name__ == "__main__":
    errors.run(lambda: print(f"Recorded in {RECORDED}: {', '.join(record_current()) or NOTHING}"))
