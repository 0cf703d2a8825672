"""Installed packages against requirements.lock."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from stages.common.files import read_text
from stages.shell.errors import UserError
from stages.shell.locked import installed_version, locked_versions, same_version
from stages.shell.runs import LOCK
from thesis.doctor.findings import Finding, ok, problem, warning

if TYPE_CHECKING:
    from thesis.doctor.study import Study

PROJECT = Path("pyproject.toml")
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
    return Packages(locked, {name: installed_version(name) for name in {**locked, **needed}}, needed)


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


def _asked(ask: Callable[[], bool]) -> bool:
    """False also where what is asked for is wrong, which is reported elsewhere."""
    try:
        return ask()
    except UserError:
        return False
