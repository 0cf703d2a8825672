"""Installed packages against requirements.lock."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from stages.common.files import read_text
from stages.shell.errors import UserError
from thesis.doctor.findings import Finding, ok, problem, warning

if TYPE_CHECKING:
    from thesis.doctor.study import Study

LOCK, PROJECT = Path("requirements.lock"), Path("pyproject.toml")
MAX_NAMED = 6
INSTALL = "pip install -c requirements.lock -e"


@dataclass(frozen=True)
class Packages:
    """Versions by package; None where it is not installed."""

    locked: Mapping[str, str]
    """Only what this system and Python need."""
    installed: Mapping[str, str | None]
    needed: Mapping[str, str]
    """What params ask for, with the extra it belongs to; "" for those that every run needs."""


def check(study: "Study") -> list[Finding]:
    extras = {}
    if _asked(lambda: study.entry[1].quantization == "nf4"):
        extras["bitsandbytes"] = "quantized"
    if _asked(lambda: study.generate.constrained):
        extras["xgrammar"] = "constrained"
    return judge(look(extras))


def look(extras: Mapping[str, str]) -> Packages:
    """Every locked or needed package.

    Args:
        extras: packages that params ask for, with their extra.
    """
    locked, own = locked_versions(read_text(LOCK)), dependencies(read_text(PROJECT))
    needed = {**dict.fromkeys(own, ""), **extras}
    return Packages(locked, {name: _version(name) for name in {**locked, **needed}}, needed)


def locked_versions(text: str) -> dict[str, str]:
    """Pins of a lock whose markers fit this Python and system.

    >>> locked_versions("typer==0.29.0\\nappnope==0.1.4 ; sys_platform == 'cp/m'\\n")
    {'typer': '0.29.0'}
    """
    found = {}
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith(("#", "-")):
            pin = Requirement(line)
            if pin.marker is None or pin.marker.evaluate():
                found[canonicalize_name(pin.name)] = next(iter(pin.specifier)).version
    return {str(name): version for name, version in found.items()}


def dependencies(text: str) -> list[str]:
    """What pyproject.toml asks for without extras."""
    try:
        listed = tomllib.loads(text)["project"]["dependencies"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise UserError(
            f"{PROJECT}: cannot be read: {error}\nBring it back: git checkout {PROJECT}"
        ) from None
    return [str(canonicalize_name(Requirement(line).name)) for line in listed]


def judge(found: Packages) -> list[Finding]:
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


def same_version(there: str, locked: str) -> bool:
    """Whether two versions are one, a local build's name aside: 2.13.0+cpu is 2.13.0."""
    return Version(re.sub(r"\+.*", "", there)) == Version(locked)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _asked(ask: Callable[[], bool]) -> bool:
    """False also where what is asked for is wrong, which is reported elsewhere."""
    try:
        return ask()
    except UserError:
        return False
