"""The checkpoint from which a killed training continues."""

import shutil
import sys
from pathlib import Path
from typing import Any

from stages.common.files import read_json
from stages.common.llm.ranks import from_first
from stages.train.sealing import (
    ADAPTER,
    SEAL,
    TRAINING,
    Facts,
    best_of,
    checkpoints,
    damaged,
    facts_of,
    state_of,
)


def last_checkpoint(folder: Path, n_trained: int) -> Path | None:
    """The newest checkpoint that is whole, of this training, and whose best adapter so far is whole.

    Newer ones are useless. They are named on stderr and removed. Of several processes the first decides.

    Args:
        folder: its name is the fingerprint of the training.
        n_trained: number of parameters that it trains.
    """
    return from_first(lambda: _last_checkpoint(folder, facts_of(folder, n_trained)))


def _last_checkpoint(folder: Path, facts: Facts) -> Path | None:
    found = checkpoints(folder)
    for checkpoint in found:
        if not (wrong := _unusable(checkpoint, facts)):
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


def _unusable(checkpoint: Path, facts: Facts) -> str | None:
    """What is wrong with a checkpoint or with the best one up to it; None if nothing is."""
    if not (checkpoint / SEAL).exists():
        return f"{checkpoint}: the training was stopped while it saved this checkpoint, which is ignored"
    if names := damaged(checkpoint):
        return f"{checkpoint}: damaged: {', '.join(names)}; this checkpoint is ignored"
    if other := _other(checkpoint, facts):
        return f"{other}; it is ignored"
    best = best_of(checkpoint)
    if names := damaged(best, ADAPTER) or damaged(best, TRAINING):
        return f"{best}: damaged: {', '.join(names)}; {checkpoint.name} needs it and is ignored"
    if other := _other(best, facts):
        return f"{other}; {checkpoint.name} needs it and is ignored"
    return None


def _other(checkpoint: Path, facts: Facts) -> str | None:
    """How a checkpoint shows that it is of another training; None if it is of this one."""
    found = read_json(checkpoint / TRAINING)
    return (
        None if found == facts else f"{checkpoint}: of another training ({_told(found)}; here {_told(facts)})"
    )


def _told(facts: Any) -> str:
    """The facts of a training in one line.

    >>> _told({"fingerprint": "ab", "n_trained_parameters": 12})
    'fingerprint ab, n_trained_parameters 12'
    """
    return ", ".join(f"{name} {value}" for name, value in dict(facts).items())


def _say(line: str) -> None:
    print(line, file=sys.stderr)
