"""Where the work runs: mps, cuda or cpu; never part of a result's definition."""

import os

import psutil
import torch

from stages.common.llm.metal import is_metal
from stages.shell.errors import UserError
from stages.shell.rank import local_rank, n_ranks

DEVICES = ("mps", "cuda", "cpu")


def pick_device() -> torch.device:
    """`THESIS_DEVICE` if set, else the first of mps, cuda, cpu that is there; a card per process."""
    wanted = os.environ.get("THESIS_DEVICE")
    if wanted and wanted not in DEVICES:
        raise UserError(f"THESIS_DEVICE is {wanted!r}; it must be one of {', '.join(DEVICES)}")
    if wanted and not available(wanted):
        raise UserError(f"THESIS_DEVICE is {wanted!r}, but torch finds no such device here; unset it")
    name = wanted or next(name for name in DEVICES if available(name))
    return _own_card() if name == "cuda" and n_ranks() > 1 else torch.device(name)


def _own_card() -> torch.device:
    n_cards = torch.cuda.device_count()
    if local_rank() >= n_cards:
        raise UserError(
            f"Process {local_rank() + 1} of this computer finds no card of its own: there are {n_cards}\n"
            "Start as many processes as there are cards, or compute on the processor: THESIS_DEVICE=cpu"
        )
    return torch.device("cuda", local_rank())


def available(name: str) -> bool:
    if is_metal(name):
        return torch.backends.mps.is_available()
    return name == "cpu" or torch.cuda.is_available()


def empty_cache(device: torch.device) -> None:
    """Give unused blocks back; on Metal they pile up with every new shape."""
    if is_metal(device):
        torch.mps.empty_cache()
    elif device.type == "cuda":
        torch.cuda.empty_cache()


def memory_bytes(device: torch.device) -> int:
    """What a job may use: Metal's working set, the card's memory, or the computer's."""
    if is_metal(device):
        return int(torch.mps.recommended_max_memory())
    if device.type == "cuda":
        return int(torch.cuda.get_device_properties(device).total_memory)
    return int(psutil.virtual_memory().total)
