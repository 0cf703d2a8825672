"""The largest memory of a run, where the device forgets it."""

import threading

import torch

from stages.shell.memory import PeakMemory
from stages.shell.runs import peak_resident_bytes

METAL, LARGE = torch.device("mps"), 10**15


class Allocator:
    """Report the given bytes, and count who asked how often."""

    def __init__(self) -> None:
        self.holds, self.asked_by = 0, set[str]()
        self.asked = threading.Event()

    def __call__(self) -> int:
        self.asked_by.add(threading.current_thread().name)
        self.asked.set()
        return self.holds


def test_a_peak_in_the_middle_is_seen():
    held = Allocator()
    with PeakMemory(METAL, held, seconds=0.001) as peak:
        held.holds = LARGE
        held.asked.clear()
        assert held.asked.wait(10)
        held.asked.clear()
        assert held.asked.wait(10)  # the one before this saw LARGE
        held.holds = 5
    assert peak.bytes == LARGE
    assert len(held.asked_by) == 2


def test_the_beginning_and_the_end_are_seen_however_short_the_run_is():
    held = Allocator()
    held.holds = LARGE
    with PeakMemory(METAL, held, seconds=60) as peak:
        held.holds = LARGE + 1
    held.holds = 5
    assert peak.bytes == LARGE + 1


def test_its_thread_ends_with_the_run_even_with_a_failed_one():
    before = threading.active_count()
    try:
        with PeakMemory(METAL, Allocator(), seconds=60):
            assert threading.active_count() == before + 1
            raise ValueError
    except ValueError:
        pass
    assert threading.active_count() == before


def test_the_process_counts_where_the_device_holds_less():
    with PeakMemory(METAL, Allocator()) as peak:
        pass
    assert peak.bytes >= peak_resident_bytes() > 1_000_000


def test_nothing_is_sampled_where_the_peak_is_kept():
    held, before = Allocator(), threading.active_count()
    with PeakMemory(torch.device("cpu"), held) as peak:
        assert threading.active_count() == before
    assert peak.bytes == peak_resident_bytes()
    assert held.asked_by == set()
