"""Where a killed training goes on: .work/<stage>/<fingerprint>/."""

import hashlib
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stages.common.files import sha256_of
from stages.common.params import read_yaml
from stages.shell.runs import WORK, versions
from stages.train.sealing import ADAPTER, SEAL, best_of, checkpoints, damaged, state_of


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
    """The folder of this training; gone after a good end, as are those of other trainings from the start."""
    home = WORK / stage
    home.mkdir(parents=True, exist_ok=True)
    for other in (path for path in home.iterdir() if path.is_dir() and path.name != name):
        shutil.rmtree(other)
    yield home / name
    shutil.rmtree(home / name, ignore_errors=True)


def last_checkpoint(folder: Path) -> Path | None:
    """The newest checkpoint that is whole, as is the best adapter up to it.

    Newer ones are of no use: they are named on stderr, and removed.
    """
    found = checkpoints(folder)
    for checkpoint in found:
        if not (wrong := _unusable(checkpoint)):
            _say(f"The training goes on after step {state_of(checkpoint).global_step}")
            return checkpoint
        _say(wrong)
        shutil.rmtree(checkpoint)
    if found:
        _say("No checkpoint is left: the training begins anew")
    return None


def has_ended(checkpoint: Path) -> bool:
    """Whether training had ended there, and was killed before its adapter was saved."""
    callbacks: Any = state_of(checkpoint).stateful_callbacks
    return bool(callbacks["TrainerControl"]["args"]["should_training_stop"])


def _unusable(checkpoint: Path) -> str | None:
    """What is wrong with a checkpoint or with the best one before it."""
    if not (checkpoint / SEAL).exists():
        return f"{checkpoint}: the training was stopped while this checkpoint was saved; it is left out"
    if names := damaged(checkpoint):
        return f"{checkpoint}: damaged: {', '.join(names)}; this checkpoint is left out"
    best = best_of(checkpoint)
    if names := damaged(best, ADAPTER):
        return f"{best}: damaged: {', '.join(names)}; {checkpoint.name} needs it and is left out"
    return None


def _say(line: str) -> None:
    print(line, file=sys.stderr)
