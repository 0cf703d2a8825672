"""Measure how far tokens' leads and profiles' losses differ between kernels, threads and instruction sets.

python -m experiments.machines                # float32, after dvc repro; about 15 minutes
python -m experiments.machines --dtype bfloat16
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from experiments.machines.differing import differences
from experiments.machines.settings import SETTINGS, Setting
from stages.common.files import read_json, write_json
from stages.shell.errors import UserError, run
from stages.shell.runs import versions

FOLDER = Path("metrics/machines")
DRAWS = 1
"""Completions of each arm and prompt that are computed again."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32")
    dtype = parser.parse_args().dtype
    usual = measured(SETTINGS[0], dtype)
    found: dict[str, Any] = {
        "command": f"python -m experiments.machines --dtype {dtype}",
        "processor": processor(),
        "versions": versions(),
        "compared_with": SETTINGS[0].name,
        "tokens": len(usual["leads"]),
        "tokens_that_win": sum(lead is None or lead >= 0 for lead in usual["leads"]),
        "differences": {},
    }
    for setting in SETTINGS[1:]:
        if dtype in setting.dtypes:
            found["differences"][setting.name] = differences(usual, measured(setting, dtype))
            write_json(FOLDER / f"{dtype}.json", found)


def measured(setting: Setting, dtype: str) -> dict[str, Any]:
    """Leads and losses under a setting, computed in a process of its own."""
    with tempfile.TemporaryDirectory() as home:
        out = Path(home) / "out.json"
        words = ["-m", "experiments.machines.one", "--draws", str(DRAWS), "--dtype", dtype, *setting.words]
        print(f"{setting.name} …", file=sys.stderr, flush=True)
        done = subprocess.run(
            [sys.executable, *words, str(out)], env={**os.environ, **setting.env}, check=False
        )
        if done.returncode:
            raise UserError(f"{setting.name}: nothing was measured (see above)")
        found: dict[str, Any] = read_json(out)
        return found


def processor() -> str:
    """Name of this computer's processor, as its system gives it."""
    described = Path("/proc/cpuinfo")
    lines = described.read_text("utf-8").splitlines() if described.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unknown"


if __name__ == "__main__":
    run(main)
