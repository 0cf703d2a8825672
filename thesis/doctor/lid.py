"""Whether the computer stays awake while the pipeline runs."""

import platform
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

from thesis.doctor.findings import Finding, ok, warning

if TYPE_CHECKING:
    from thesis.doctor.study import Study


INHIBIT = "systemd-inhibit --what=sleep:handle-lid-switch make repro"


@dataclass(frozen=True)
class Power:
    """What keeps the computer going."""

    system: str
    battery: bool
    plugged: bool
    held_awake: bool
    """Something already keeps the system from sleeping (macOS: caffeinate -s)."""
    can_inhibit: bool
    """Linux: systemd-inhibit is there."""


def check(study: "Study") -> list[Finding]:
    return judge(look())


def look() -> Power:
    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    return Power(
        system=platform.system(),
        battery=battery is not None,
        plugged=battery is None or battery.power_plugged is not False,
        held_awake=_held_awake(),
        can_inhibit=shutil.which("systemd-inhibit") is not None,
    )


def judge(found: Power) -> list[Finding]:
    if not found.battery and found.system != "Darwin":
        return [ok("no battery: there is no lid to close")]
    if not found.plugged:
        start = "caffeinate -s make repro" if found.system == "Darwin" else INHIBIT
        return [warning("on battery: long runs may end with it", f"Plug it in, and start with: {start}")]
    if found.held_awake:
        return [ok("held awake now; leave the lid open")]
    if found.system == "Darwin":
        return [ok("on mains power; start long runs with `caffeinate -s make repro`, and leave the lid open")]
    if found.can_inhibit:
        return [ok(f"on mains power; to close the lid, start with `{INHIBIT}`")]
    return [
        warning(
            "a laptop that sleeps with its lid closed", "Leave the lid open, and turn automatic sleep off"
        )
    ]


def _held_awake() -> bool:
    if platform.system() != "Darwin":
        return False
    done = subprocess.run(["pmset", "-g", "assertions"], capture_output=True, text=True, check=False)
    return held_awake(done.stdout)


def held_awake(assertions: str) -> bool:
    """Whether `pmset -g assertions` counts one that keeps the whole system awake.

    >>> held_awake("   PreventSystemSleep             1\\n")
    True
    """
    lines = [line.split() for line in assertions.splitlines()]
    return any(line[:1] == ["PreventSystemSleep"] and line[1:2] not in ([], ["0"]) for line in lines)
