"""The machine in words that can be sent to others: no name of its owner, no path, no name of its own."""

import getpass
import os
import platform
import re
import socket
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psutil

from stages.shell.runs import versions

CPU_INFO = Path("/proc/cpuinfo")
PART = r"[/\\][^\s/\\'\"<>,;:]+"
PATH = re.compile(rf"(?:[…~]|\b[A-Za-z]:)(?:{PART})+|(?<![\w:/.])(?:{PART}){{2,}}")
"""An absolute path; "and/or", "tokens/s" and web addresses are none."""


def machine() -> dict[str, Any]:
    """Chip, cores, memory, system and versions."""
    return {
        "chip": chip(),
        "cores": os.cpu_count(),
        "memory_bytes": psutil.virtual_memory().total,
        "system": system(),
        "python": platform.python_version(),
        "versions": versions(),
        "commit": _said(["git", "rev-parse", "--short=12", "HEAD"]),
    }


def chip() -> str:
    """The processor's name, as the system tells it.

    macOS says "Apple M3 Pro"; Linux says it in /proc/cpuinfo, or not at all.
    """
    if platform.system() == "Darwin":
        return _said(["sysctl", "-n", "machdep.cpu.brand_string"]) or platform.machine()
    listed = CPU_INFO.read_text("utf-8") if CPU_INFO.exists() else ""
    names = [line.partition(":")[2].strip() for line in listed.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


def system() -> str:
    """The system and its version; a Mac's marketing version, because torch depends on it."""
    macos = platform.mac_ver()[0]
    return f"macOS {macos} {platform.machine()}" if macos else f"{platform.system()} {platform.machine()}"


def anonymous(text: str, secrets: Iterable[str] | None = None) -> str:
    """The text without paths, and without names of the user, the computer and the home folder.

    Args:
        secrets: what to remove beside paths; by default what this machine calls its user and itself.

    >>> anonymous("/Users/ann/x.json at 3 tokens/s on ann's Mac", ["/Users/ann", "ann"])
    "… at 3 tokens/s on …'s Mac"
    """
    for secret in sorted(own_names() if secrets is None else secrets, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "…", text)
    return PATH.sub("…", text)


def own_names() -> set[str]:
    """What names the user, the home folder, this folder and the computer."""
    host = socket.gethostname()
    found = {str(Path.home()), str(Path.cwd()), host, host.partition(".")[0], Path.home().name, _user()}
    return {name for name in found if len(name) > 1}


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without a list of users
        return ""


def _said(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:  # no such program
        return ""
