"""Processes that are measured: what they print, and the most memory they had."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# A process starts with the peak of the one that starts it: so a small one starts it.
_LAUNCH = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(process.pid, 0)
print(usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


class Failed(Exception):
    """A process ended with an error; its last lines."""


@dataclass(frozen=True)
class Printed:
    """What a process printed, and the most memory it had."""

    text: str
    peak_bytes: float


def printed(
    command: Sequence[str | Path],
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Printed:
    """What a command prints, and its peak.

    Raises:
        Failed: if it ends with an error.
    """
    launch = [sys.executable, "-c", _LAUNCH, *map(str, command)]
    ours = os.environ | dict(environment or {})
    done = subprocess.run(launch, cwd=folder, env=ours, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed("\n".join(done.stderr.strip().splitlines()[-8:]))
    text, _, kilobytes = done.stdout.rstrip().rpartition("\n")
    scale = 1 if sys.platform == "darwin" else 1e3  # bytes on a Mac
    return Printed(text, int(kilobytes) * scale)


def measured(
    command: Sequence[str | Path],
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The JSON in the last line that a command prints, and `peak_gigabytes` of the process."""
    found = printed(command, folder, environment)
    last = found.text.strip().splitlines()[-1]
    return {**json.loads(last), "peak_gigabytes": found.peak_bytes / 1e9}
