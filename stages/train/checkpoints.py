"""Where a killed training continues: .work/<stage>/<fingerprint>/."""

import hashlib
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from stages.common.files import files_in, sha256_of
from stages.common.llm.ranks import from_first, wait
from stages.common.params import read_yaml
from stages.shell.locked import installed_version
from stages.shell.rank import is_first
from stages.shell.runs import WORK
from stages.shell.syntax import code_of
from stages.train.sealing import ADAPTER, SEAL, best_of, checkpoints, damaged, state_of

LIBRARIES = ("torch", "transformers", "tokenizers", "accelerate", "peft", "bitsandbytes")
"""What computes a training: its tokens, its steps and its weights."""


def fingerprint(stage: str, parameters: Any) -> str:
    """Name for what a training depends on: data, code, parameter values and library versions.

    Python code counts without what changes no result, so a corrected comment keeps the checkpoints.
    """
    deps = read_yaml(Path("dvc.yaml"))["stages"][stage]["deps"]
    facts = {
        "deps": {dep: _content_of(Path(dep)) for dep in deps},
        "parameters": parameters,
        "versions": {name: installed_version(name) for name in LIBRARIES},
    }
    return _sha256(facts)[:16]


@contextmanager
def work_folder(stage: str, name: str) -> Iterator[Path]:
    """The folder of this training. It is removed after a good end, those of other trainings at the start."""
    home = WORK / stage
    home.mkdir(parents=True, exist_ok=True)
    if is_first():
        for other in (path for path in home.iterdir() if path.is_dir() and path.name != name):
            shutil.rmtree(other)
    yield home / name
    wait()
    if is_first():
        shutil.rmtree(home / name, ignore_errors=True)


def last_checkpoint(folder: Path) -> Path | None:
    """The newest checkpoint that is whole and whose best adapter so far is whole; None if there is none.

    Newer ones are useless. They are named on stderr and removed. Of several processes the first decides.
    """
    return from_first(lambda: _last_checkpoint(folder))


def _last_checkpoint(folder: Path) -> Path | None:
    found = checkpoints(folder)
    for checkpoint in found:
        if not (wrong := _unusable(checkpoint)):
            _say(f"The training continues after step {state_of(checkpoint).global_step}")
            return checkpoint
        _say(wrong)
        shutil.rmtree(checkpoint)
    if found:
        _say("No checkpoint is left: the training starts again")
    return None


def has_ended(checkpoint: Path) -> bool:
    """Whether training had ended there, but was killed before its adapter was saved."""
    callbacks: Any = state_of(checkpoint).stateful_callbacks
    return bool(callbacks["TrainerControl"]["args"]["should_training_stop"])


def _content_of(dep: Path) -> str | dict[str, str]:
    """The hash of a dep; for code, the hash of each file."""
    if dep.parts[0] != "stages":
        return sha256_of(dep)
    return {file.as_posix(): _code_hash(file) for file in (files_in(dep) if dep.is_dir() else [dep])}


def _code_hash(file: Path) -> str:
    if file.suffix == ".py":
        with suppress(SyntaxError, ValueError):  # Python 3.11 has a ValueError for null bytes
            return _sha256(code_of(file.read_bytes()))
    return sha256_of(file)


def _sha256(facts: Any) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _unusable(checkpoint: Path) -> str | None:
    """What is wrong with a checkpoint or with the best one up to it; None if nothing is."""
    if not (checkpoint / SEAL).exists():
        return f"{checkpoint}: the training was stopped while it saved this checkpoint, which is ignored"
    if names := damaged(checkpoint):
        return f"{checkpoint}: damaged: {', '.join(names)}; this checkpoint is ignored"
    best = best_of(checkpoint)
    if names := damaged(best, ADAPTER):
        return f"{best}: damaged: {', '.join(names)}; {checkpoint.name} needs it and is ignored"
    return None


def _say(line: str) -> None:
    print(line, file=sys.stderr)
