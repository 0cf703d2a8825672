"""Checkpoints that are known to be whole: each holds the hashes of its files, written last."""

import shutil
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, TypeAlias

from transformers import TrainerCallback, TrainerState
from transformers.trainer_utils import PREFIX_CHECKPOINT_DIR

from stages.common.files import read_json, sha256_of, write_json
from stages.shell.errors import UserError
from stages.train.lora import n_trained

Facts: TypeAlias = dict[str, str | int]
SEAL = "sha256.json"
STATE = "trainer_state.json"
TRAINING = "training.json"
"""Says which training a checkpoint is of."""
ADAPTER = "adapter_*"
NEEDED = {
    "adapter_config.json", "adapter_model.safetensors",
    "optimizer.pt", "rng_state.pth", "scheduler.pt", STATE, TRAINING,
}  # fmt: skip
"""Files that a training continues with. Trainer goes on without some of them, to another result."""
N_KEPT = 2
"""Number of checkpoints that are kept, each with the best adapter up to then: 2 to 4 folders."""


class Sealing(TrainerCallback):
    """Seals each checkpoint when it is saved, and only then deletes older ones."""

    def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        if not state.is_world_process_zero:
            return
        folder = Path(args.output_dir)
        checkpoint = folder / f"{PREFIX_CHECKPOINT_DIR}-{state.global_step}"
        write_json(checkpoint / TRAINING, facts_of(folder, n_trained(kwargs["model"])))
        seal(checkpoint)
        newest, others = checkpoints(folder)[:N_KEPT], checkpoints(folder)[N_KEPT:]
        best = {best_of(checkpoint) for checkpoint in newest if not damaged(checkpoint, STATE)}
        for checkpoint in others:
            if checkpoint not in best:
                shutil.rmtree(checkpoint)


def facts_of(folder: Path, n_trained_parameters: int) -> Facts:
    """What a checkpoint must agree with: the training's fingerprint and its number of trained parameters.

    Args:
        folder: of the training, named by its fingerprint.
    """
    return {"fingerprint": folder.name, "n_trained_parameters": n_trained_parameters}


def seal(checkpoint: Path) -> None:
    """Write the hashes of all files: the atomic end of saving."""
    files = sorted(file for file in checkpoint.iterdir() if file.name != SEAL)
    write_json(checkpoint / SEAL, {file.name: sha256_of(file) for file in files})


def damaged(checkpoint: Path, names: str = "*") -> list[str]:
    """Names of files that changed since they were sealed; the seal's own name if it is damaged or missing.

    Args:
        names: pattern of the files to check.
    """
    try:
        sealed = read_json(checkpoint / SEAL)
    except UserError:
        return [SEAL]
    if not isinstance(sealed, dict) or not {*sealed} >= NEEDED:
        return [SEAL]
    looked_at = {name: sha256 for name, sha256 in sealed.items() if fnmatch(name, names)}
    return [name for name, sha256 in looked_at.items() if _hash(checkpoint / name) != sha256]


def checkpoints(folder: Path) -> list[Path]:
    """All checkpoints of a training, the newest first."""
    found = {path.name.rpartition("-")[2]: path for path in folder.glob(f"{PREFIX_CHECKPOINT_DIR}-*")}
    return [found[step] for step in sorted(filter(str.isdecimal, found), key=int, reverse=True)]


def state_of(checkpoint: Path) -> TrainerState:
    state: TrainerState = TrainerState.load_from_json(str(checkpoint / STATE))
    return state


def best_of(checkpoint: Path) -> Path:
    """The checkpoint with the best adapter up to this one."""
    return Path(state_of(checkpoint).best_model_checkpoint or checkpoint)


def _hash(file: Path) -> str:
    try:
        return sha256_of(file)
    except (OSError, UserError):  # missing, unreadable or not a file
        return ""
