"""mlx-lm in an environment of its own, in the user's cache: nothing of it enters the project's."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.mac import work
from stages.common.llm.bases import cache_dir

PINS = ("mlx==0.32.4", "mlx-lm==0.32.2")
"""On Linux mlx needs its part for CPUs, of the same version."""
SCRIPT = Path(__file__).with_name("mlx_lora.py")


def train_with_mlx(folder: Path) -> dict[str, Any]:
    """Train on what our training left in `folder`; or why that is not possible."""
    if not (folder / work.ORDER).exists():
        return {"ran": False, "why": "our own training did not run"}
    python = environment(cache_dir().parent / "mlx-lm")
    if python is None:
        return {"ran": False, "why": f"{' and '.join(PINS)} could not be installed"}
    command = [str(python), str(SCRIPT), str(folder / work.ORDER)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return {"ran": False, "why": f"mlx-lm ended with code {done.returncode}"}
    found = json.loads(done.stdout.splitlines()[-1])
    job = work.read_order(folder)
    lengths = [len(a) + len(b) for a, b in zip(job["prompts"], job["completions"], strict=True)]
    return {"ran": True, "dtype": "float32", **work.speed(found.pop("times"), lengths, job["order"]), **found}


def environment(folder: Path) -> Path | None:
    """The Python of an environment with mlx-lm; None if it cannot be installed, which pip explains."""
    python, made = folder / "bin/python", folder / "installed.txt"
    wanted = "\n".join([sys.version, *PINS])
    if made.exists() and made.read_text("utf-8") == wanted:
        return python
    print(f"Installing {' and '.join(PINS)} into {folder} (once) …", file=sys.stderr)
    pins = [pin.replace("mlx==", "mlx[cpu]==") if sys.platform == "linux" else pin for pin in PINS]
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    for command in ([sys.executable, "-m", "venv", "--clear", str(folder)], [*pip, *pins]):
        if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
            return None
    made.write_text(wanted, "utf-8")
    return python
