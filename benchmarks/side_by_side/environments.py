"""Environments of the peers, in the user's cache: each has what its peer asks for, and nothing of ours."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import platformdirs

from benchmarks.processes import Failed

PEERS = {
    "huggingface": ["torch", "transformers", "peft", "trl==1.16.0"],
    "great": ["be_great==0.0.14", "peft", "torch"],
    "llama": ["llama-cpp-python==0.3.36"],
}
"""Requirements of each environment, beside the versions of requirements.lock.

llama-cpp-python is compiled: it needs a C++ compiler, and minutes.
"""
LOCK = Path("requirements.lock").resolve()
SCRIPTS = Path(__file__).parents[1] / "peers"


def cache_folder() -> Path:
    """The folder outside of the repository for environments, checkouts and work."""
    return Path(platformdirs.user_cache_dir("llama-thesis", appauthor=False)) / "side-by-side"


@cache
def python_of(peer: str) -> Path:
    """The interpreter of a peer's environment, which is made when it is first needed.

    Raises:
        Failed: pip could not install it, with its last lines.
    """
    folder = cache_folder() / "environments" / peer
    python, complete = folder / "bin" / "python", folder / ".complete"
    if complete.exists() and complete.read_text("utf-8") == _wanted(peer):
        return python
    print(f"installing {', '.join(PEERS[peer])} into {folder} …", file=sys.stderr, flush=True)
    _run([sys.executable, "-m", "venv", "--clear", folder])
    _run([python, "-m", "pip", "install", "--disable-pip-version-check", "-c", LOCK, *PEERS[peer]])
    complete.write_text(_wanted(peer), "utf-8")
    return python


def _wanted(peer: str) -> str:
    """What a complete environment was made from: it is made again if this changes."""
    locked = LOCK.read_text("utf-8").splitlines()
    return "\n".join([*PEERS[peer], *(line for line in locked if line.partition("==")[0] in PEERS[peer])])


def _run(command: list[str | Path]) -> None:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed("\n".join((done.stderr or done.stdout).strip().splitlines()[-8:]))
