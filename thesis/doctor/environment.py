"""Python, the system, and the installed packages."""

import os
import platform
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from stages.common.files import read_text
from stages.shell.errors import UserError
from stages.shell.locked import installed_version, locked_versions, same_version
from stages.shell.runs import LOCK
from thesis.doctor.findings import Finding, ok, problem, warning
from thesis.doctor.project import Project

OLDEST, NEWEST = (3, 11), (3, 14)
CONDA_ENV = "llama_thesis"
GET_PYTHON = "brew install python@3.12, or https://www.python.org/downloads/; then: make install"
PROJECT = Path("pyproject.toml")
MAX_NAMED = 6
INSTALL = "pip install -c requirements.lock -e"


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
    """This Python belongs to the project's .venv or conda environment."""
    same_on_path: bool
    """`python`, by which DVC starts the stages, is this one."""


def check_python(project: Project) -> list[Finding]:
    return judge_python(look_at_python())


def look_at_python() -> Interpreter:
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


def judge_python(found: Interpreter) -> list[Finding]:
    return [_version(found), _system(found), _environment(found)]


def _version(found: Interpreter) -> Finding:
    version = "Python {}.{}".format(*found.version)
    if OLDEST <= found.version <= NEWEST:
        return ok(version)
    return problem(f"{version}; 3.11 to 3.14 is needed (torch has no wheel for others)", GET_PYTHON)


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
            "this is not the Python of the project's .venv", "make install, then: source .venv/bin/activate"
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


@dataclass(frozen=True)
class Packages:
    """Versions by package; None where it is not installed."""

    locked: Mapping[str, str]
    """Only what this system and Python need."""
    installed: Mapping[str, str | None]
    needed: Mapping[str, str]
    """The extra that a package belongs to; "" for those that every run needs."""


def check_packages(project: Project) -> list[Finding]:
    extras = {}
    if _is_asked(lambda: project.entry[1].quantization == "nf4"):
        extras["bitsandbytes"] = "quantized"
    if _is_asked(lambda: project.generate.constrained):
        extras["xgrammar"] = "constrained"
    return judge_packages(look_at_packages(extras))


def look_at_packages(extras: Mapping[str, str]) -> Packages:
    """Every locked or needed package.

    Args:
        extras: packages that params ask for, with their extra.
    """
    locked, own = locked_versions(read_text(LOCK)), dependencies(read_text(PROJECT))
    needed = {**dict.fromkeys(own, ""), **extras}
    return Packages(locked, {name: installed_version(name) for name in {**locked, **needed}}, needed)


def dependencies(text: str) -> list[str]:
    """Packages that pyproject.toml requires without extras."""
    try:
        listed = tomllib.loads(text)["project"]["dependencies"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise UserError(
            f"{PROJECT}: cannot be read: {error}\nBring it back: git checkout {PROJECT}"
        ) from None
    return [str(canonicalize_name(Requirement(line).name)) for line in listed]


def judge_packages(found: Packages) -> list[Finding]:
    return [*_missing(found), *_others(found)] or [
        ok(f"the {len(found.needed)} packages that are needed, in the versions of {LOCK}")
    ]


def _missing(found: Packages) -> list[Finding]:
    missing = {name: extra for name, extra in found.needed.items() if found.installed[name] is None}
    own = [name for name, extra in missing.items() if not extra]
    findings = [problem(f"not installed: {', '.join(own)}", f"{INSTALL} .")] if own else []
    return findings + [
        problem(f"{name} is not installed, and params.yaml needs it", f'{INSTALL} ".[{extra}]"')
        for name, extra in missing.items()
        if extra
    ]


def _others(found: Packages) -> list[Finding]:
    different = [
        f"{name} {there} ({locked})"
        for name, locked in found.locked.items()
        if (there := found.installed[name]) is not None and not same_version(there, locked)
    ]
    if not different:
        return []
    more = f" and {len(different) - MAX_NAMED} more" if len(different) > MAX_NAMED else ""
    named = ", ".join(different[:MAX_NAMED])
    return [warning(f"other versions than in {LOCK}: {named}{more}", f'{INSTALL} ".[dev]"')]


def _is_asked(ask: Callable[[], bool]) -> bool:
    """Whether params ask for it; False also where they are wrong, which another check reports."""
    try:
        return ask()
    except UserError:
        return False
