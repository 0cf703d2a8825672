"""Where a killed training goes on: .work/<stage>/<fingerprint>/."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from transformers import TrainerState
from transformers.trainer_utils import get_last_checkpoint

from stages.common.files import sha256_of
from stages.common.params import read_yaml
from stages.shell.errors import UserError
from stages.shell.runs import WORK, versions

STATE = "trainer_state.json"
"""What Trainer writes last into a checkpoint."""


def fingerprint(stage: str, parameters: Any) -> str:
    """Names what a training depends on: dep hashes, parameter values, library versions."""
    deps = read_yaml(Path("dvc.yaml"))["stages"][stage]["deps"]
    facts = {
        "deps": {dep: sha256_of(Path(dep)) for dep in sorted(deps)},
        "parameters": parameters,
        "versions": {name: versions()[name] for name in ("torch", "transformers", "peft")},
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


@contextmanager
def work_folder(stage: str, name: str) -> Iterator[Path]:
    """The folder of this training, ours alone while we work; gone after a good end.

    DVC dies of SIGTERM and leaves its child running: the lock keeps a second one out.
    """
    home = WORK / stage
    home.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(home / ".lock", timeout=0):
            (home / "pid").write_text(str(os.getpid()), "utf-8")
            for other in (path for path in home.iterdir() if path.is_dir() and path.name != name):
                shutil.rmtree(other)
            yield home / name
            shutil.rmtree(home / name, ignore_errors=True)
    except Timeout:
        raise UserError(
            f"{stage} is still running in process {(home / 'pid').read_text('utf-8')}\n"
            "Wait for it, or end it with: kill, and that number"
        ) from None


def last_checkpoint(folder: Path) -> str | None:
    """The newest whole checkpoint; one that a crash cut off is removed."""
    while folder.is_dir() and (found := get_last_checkpoint(str(folder))):
        if (Path(found) / STATE).exists():
            return str(found)
        shutil.rmtree(found)
    return None


def has_ended(checkpoint: str) -> bool:
    """Whether training had ended there, and was killed before its adapter was saved."""
    state = TrainerState.load_from_json(str(Path(checkpoint) / STATE))
    control: Any = state.stateful_callbacks["TrainerControl"]
    return bool(control["args"]["should_training_stop"])
