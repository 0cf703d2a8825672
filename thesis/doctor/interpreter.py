"""Python, the system, and the environment that the stages will run in."""

import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from thesis.doctor.findings import Finding, ok, problem, warning

if TYPE_CHECKING:
    from thesis.doctor.study import Study


OLDEST, NEWEST = (3, 11), (3, 14)
CONDA_ENV = "llama_thesis"
GET_PYTHON = "brew install python@3.12, or https://www.python.org/downloads/; then: make install"


@dataclass(frozen=True)
class Interpreter:
    """The running Python and its system."""

    version: tuple[int, int]
    system: str
    machine: str
    macos: str
    """Version of macOS; "" elsewhere."""
    translated: bool
    """Built for Intel, on Apple silicon."""
    own_environment: bool
    """Of the project's .venv, or of its conda environment."""
    same_on_path: bool
    """`python`, by which DVC starts the stages, is this one."""


def check(study: "Study") -> list[Finding]:
    return judge(look())


def look() -> Interpreter:
    on_path = shutil.which("python")
    conda = os.environ.get("CONDA_DEFAULT_ENV") == CONDA_ENV
    return Interpreter(
        version=sys.version_info[:2],
        system=platform.system(),
        machine=platform.machine(),
        macos=platform.mac_ver()[0],
        translated=_translated(),
        own_environment=conda or Path(sys.prefix).resolve() == Path(".venv").resolve(),
        same_on_path=on_path is not None
        and Path(on_path).parent.resolve() == Path(sys.executable).parent.resolve(),
    )


def judge(found: Interpreter) -> list[Finding]:
    return [_version(found), _system(found), _environment(found)]


def _version(found: Interpreter) -> Finding:
    version = "Python {}.{}".format(*found.version)
    if OLDEST <= found.version <= NEWEST:
        return ok(version)
    return problem(f"{version}; it must be one from 3.11 to 3.14 (torch has no wheel for others)", GET_PYTHON)


def _system(found: Interpreter) -> Finding:
    name = f"macOS {found.macos}" if found.system == "Darwin" else found.system
    where = f"{name} on {found.machine}"
    if found.translated:
        return problem(f"{where}: this Python is built for Intel, the Mac is not", GET_PYTHON)
    if found.system == "Darwin" and found.machine != "arm64":
        return problem(
            f"{where}: torch is not published for Intel Macs", "Use a Mac with an M chip, or Linux"
        )
    if found.system == "Darwin" and int(found.macos.split(".")[0]) < 14:
        return problem(f"{where}: torch needs macOS 14", "Update macOS")
    if found.system == "Windows":
        return warning(f"{where}: never tried", "Use WSL: https://learn.microsoft.com/windows/wsl")
    return ok(where)


def _environment(found: Interpreter) -> Finding:
    if not found.own_environment:
        return warning(
            "this Python is not that of the project's .venv", "make install, then: source .venv/bin/activate"
        )
    if not found.same_on_path:
        return warning(
            "`python`, which `dvc repro` starts, is another Python than this one",
            "source .venv/bin/activate, or use: make repro",
        )
    return ok("the project's environment")


def _translated() -> bool:
    if platform.system() != "Darwin":
        return False
    command = ["sysctl", "-n", "sysctl.proc_translated"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() == "1"
