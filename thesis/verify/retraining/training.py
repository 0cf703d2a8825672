"""Adapters trained again in a scratch clone, beside those on record."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from stages.common.records import CONDITIONS, Condition

ADAPTERS = {condition: Path("models/adapters") / condition for condition in CONDITIONS}
ASIDE = Path(".work/recorded")


def set_aside(root: Path, condition: Condition) -> Path:
    """Move the adapter on record out of the way; where it is now."""
    kept = root / ASIDE / condition
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(root / ADAPTERS[condition], kept)
    return kept


def train(root: Path, condition: Condition) -> str:
    """Train the adapter of a condition in a clone; why that failed, or "". Progress goes to the terminal."""
    command = [sys.executable, "-m", "stages.train", "--condition", condition]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DVC_")}
    done = subprocess.run(command, cwd=root, env=environment, stdout=sys.stderr, check=False)
    return "" if done.returncode == 0 else f"the training ended with {done.returncode} (see above)"
