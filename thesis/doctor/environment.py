"""Python, the system, and the installed packages."""

import os
import platform
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
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


def check_python(project: Project) -> list[Finding]:
    system = platform.system(), platform.machine(), platform.mac_ver()[0]
    own = os.environ.get("CONDA_DEFAULT_ENV") == CONDA_ENV or _same(Path(sys.prefix), Path(".venv"))
    on_path = shutil.which("python")
    same = on_path is not None and _same(Path(on_path).parent, Path(sys.executable).parent)
    return [judge_version(sys.version_info[:2]), judge_system(*system, _translated()), judge_own(own, same)]


def judge_version(version: tuple[int, int]) -> Finding:
    says = "Python {}.{}".format(*version)
    if OLDEST <= version <= NEWEST:
        return ok(says)
    return problem(f"{says}; 3.11 to 3.14 is needed (torch has no wheel for others)", GET_PYTHON)


def judge_system(system: str, machine: str, macos: str, translated: bool) -> Finding:
    """Whether torch is published for this computer.

    Args:
        macos: version of macOS; "" elsewhere.
        translated: this Python is built for Intel and runs on Apple silicon.
    """
    mac = system == "Darwin"
    where = f"{f'macOS {macos}' if mac else system} on {machine}"
    if translated:
        return problem(f"{where}: this Python is built for Intel, the Mac is not", GET_PYTHON)
    if mac and machine != "arm64":
        return problem(
            f"{where}: torch is not published for Intel Macs", "Use a Mac with an M chip, or Linux"
        )
    if mac and int(macos.split(".")[0]) < 14:
        return problem(f"{where}: torch needs macOS 14", "Update macOS")
    if system == "Windows":
        return warning(f"{where}: never tried", "Use WSL: https://learn.microsoft.com/windows/wsl")
    return ok(where)


def judge_own(own: bool, same_on_path: bool) -> Finding:
    """Whether this Python is the one that DVC starts the stages with.

    Args:
        own: it belongs to the project's .venv or conda environment.
        same_on_path: `python` on the path is this one.
    """
    if not own:
        return warning(
            "this is not the Python of the project's .venv", "make install, then: source .venv/bin/activate"
        )
    if not same_on_path:
        return warning(
            "`python`, which `dvc repro` starts, is another Python than this one",
            "source .venv/bin/activate, or use: make repro",
        )
    return ok("the project's environment")


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def _translated() -> bool:
    if platform.system() != "Darwin":
        return False
    command = ["sysctl", "-n", "sysctl.proc_translated"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() == "1"


def check_packages(project: Project) -> list[Finding]:
    locked, needed = locked_versions(read_text(LOCK)), dict.fromkeys(dependencies(read_text(PROJECT)), "")
    if _is_asked(lambda: project.entry[1].quantization == "nf4"):
        needed["bitsandbytes"] = "quantized"
    if _is_asked(lambda: project.generate.constrained):
        needed["xgrammar"] = "constrained"
    return judge_packages(locked, {name: installed_version(name) for name in {**locked, **needed}}, needed)


def judge_packages(
    locked: Mapping[str, str], installed: Mapping[str, str | None], needed: Mapping[str, str]
) -> list[Finding]:
    """Whether the needed packages are installed, and in the locked versions.

    Args:
        locked: version by package; only what this system and Python need.
        installed: version by package; None where it is not installed.
        needed: the extra that a package belongs to; "" for those that every run needs.
    """
    missing = {name: extra for name, extra in needed.items() if installed[name] is None}
    own = [name for name, extra in missing.items() if not extra]
    findings = [problem(f"not installed: {', '.join(own)}", f"{INSTALL} .")] if own else []
    findings += [
        problem(f"{name} is not installed, and params.yaml needs it", f'{INSTALL} ".[{extra}]"')
        for name, extra in missing.items()
        if extra
    ]
    different = [
        f"{name} {there} ({version})"
        for name, version in locked.items()
        if (there := installed[name]) is not None and not same_version(there, version)
    ]
    if different:
        more = f" and {len(different) - MAX_NAMED} more" if len(different) > MAX_NAMED else ""
        says = f"other versions than in {LOCK}: {', '.join(different[:MAX_NAMED])}{more}"
        findings.append(warning(says, f'{INSTALL} ".[dev]"'))
    return findings or [ok(f"all {len(needed)} needed packages are installed in the versions of {LOCK}")]


def dependencies(text: str) -> list[str]:
    """Packages that pyproject.toml requires without extras."""
    try:
        listed = tomllib.loads(text)["project"]["dependencies"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise UserError(
            f"{PROJECT}: cannot be read: {error}\nBring it back: git checkout {PROJECT}"
        ) from None
    return [str(canonicalize_name(Requirement(line).name)) for line in listed]


def _is_asked(ask: Callable[[], bool]) -> bool:
    """Whether params ask for it; False also where they are wrong, which another check reports."""
    try:
        return ask()
    except UserError:
        return False
