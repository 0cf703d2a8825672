"""Peak memory of a run: read at its end if torch keeps it, else sampled."""

import threading
from collections.abc import Callable
from typing import Any, Self

import torch

from stages.common.llm.metal import keeps_peak
from stages.shell.runs import peak_resident_bytes

SECONDS = 0.2
"""Time between two samples."""


class PeakMemory:
    """Bytes that this process and its device held together at most, while the block ran.

    torch keeps no peak for Metal, and what it holds is given back before a run ends: a thread of
    its own looks every SECONDS. A peak that is shorter can be missed. Metal's memory is the
    computer's own and partly counted in the process's size: the larger of the two is taken.
    """

    def __init__(
        self, device: torch.device, held: Callable[[], int] | None = None, seconds: float = SECONDS
    ) -> None:
        """
        Args:
            held: bytes that the device holds now; torch's own by default.
        """
        self._device, self._seconds = device, seconds
        self._held = held or torch.mps.driver_allocated_memory
        self._largest = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    @property
    def bytes(self) -> int:
        """Peak so far."""
        resident = peak_resident_bytes()
        if self._device.type == "cuda":
            return resident + torch.cuda.max_memory_allocated()
        return max(resident, self._look())

    def __enter__(self) -> Self:
        if not keeps_peak(self._device):
            self._look()
            self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._ended.set()
        if self._thread.ident is not None:
            self._look()
            self._thread.join()

    def _sample(self) -> None:
        while not self._ended.wait(self._seconds):
            self._look()

    def _look(self) -> int:
        if not keeps_peak(self._device):
            self._largest = max(self._largest, self._held())
        return self._largest
