"""A stand-in for dvc: notes itself in the rwlock, runs a command as dvc does, and waits.

python parent.py COMMAND
"""

import json
import os
import subprocess
import sys
from pathlib import Path

if __name__ == "__main__":
    shell, *command = sys.argv[1:]
    rwlock = Path(".dvc/tmp/rwlock")
    rwlock.parent.mkdir(parents=True, exist_ok=True)
    rwlock.write_text(json.dumps({"write": {"out": {"pid": os.getpid(), "cmd": "dvc"}}}))
    sys.exit(subprocess.call([*shell.split(), *command], env={**os.environ, "DVC_STAGE": "score"}))
