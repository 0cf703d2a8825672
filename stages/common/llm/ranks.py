"""Work that several processes share; in one process everything is its own.

Each computes every n-th piece. A piece is what one process would compute at one time (a pack, a batch of
draws), so results are the same where they depend on what is computed together.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

import torch
from torch import distributed

from stages.common.llm.metal import is_metal
from stages.shell.errors import UserError
from stages.shell.rank import is_first, n_ranks, rank

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
PATIENCE = timedelta(days=7)
"""Time that processes wait for each other's work. The launcher ends them if one dies."""


@contextmanager
def joined(device: torch.device) -> Iterator[None]:
    """Connect the processes of a launcher, all of which must be within it.

    Raises:
        UserError: there are several, and the device is a Mac's, which takes one.
    """
    if n_ranks() == 1:
        yield
        return
    if is_metal(device):
        raise UserError(
            "A Mac's GPU computes in one process\n"
            "Unset THESIS_LAUNCHER, or compute on the processor: THESIS_DEVICE=cpu"
        )
    distributed.init_process_group(
        "cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo", timeout=PATIENCE
    )
    if device.type == "cuda":
        torch.cuda.set_device(device)
    yield
    wait()
    distributed.destroy_process_group()  # not after an error: others may still be waiting


def own(work: Sequence[T]) -> Sequence[T]:
    """The part of the work that this process does."""
    return work[rank() :: n_ranks()]


def together(found: Mapping[K, V]) -> dict[K, V]:
    """What all processes found, in every process."""
    return {key: value for share in _gathered(found) for key, value in share.items()}


def wait() -> None:
    """Wait until all processes are here."""
    _gathered(None)


def from_first(make: Callable[[], T]) -> T:
    """What the first process makes, in every process."""
    made = make() if is_first() else None
    first: T = _gathered(made)[0]
    return first


def _gathered(share: Any) -> list[Any]:
    """The shares of all processes, by rank."""
    shares = [share] * n_ranks()
    if n_ranks() > 1:
        distributed.all_gather_object(shares, share)
    return shares
