"""Processes that are measured: what they print, and the most memory they had."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
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


def measured(
    command: Sequence[str | Path],
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The JSON in the last line that a command prints, and `peak_gigabytes` of the process.

    Raises:
        Failed: if it ends with an error.
    """
    launch = [sys.executable, "-c", _LAUNCH, *map(str, command)]
    ours = os.environ | dict(environment or {})
    done = subprocess.run(launch, cwd=folder, env=ours, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed("\n".join(done.stderr.strip().splitlines()[-8:]))
    *_, found, kilobytes = done.stdout.strip().splitlines()
    scale = 1e9 if sys.platform == "darwin" else 1e6  # bytes on a Mac
    return {**json.loads(found), "peak_gigabytes": int(kilobytes) / scale}
