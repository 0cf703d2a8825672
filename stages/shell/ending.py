"""A stage ends with the dvc that started it, and on SIGTERM as on Ctrl-C.

SIGTERM and SIGKILL end dvc without a word to the stage that it runs. The stage would work on, for a
result that nobody records. No signal tells of a parent's end on macOS, so the stage looks.
"""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from types import FrameType

import psutil

from stages.shell.rank import launched_by

RWLOCK = Path(".dvc/tmp/rwlock")
"""DVC's notes on the processes that read and write outputs (dvc/rwlock.py)."""
STOPPED = 130
"""Exit code of Ctrl-C."""
LOOK_SECONDS = 0.5
AGAIN_SECONDS = 0.1
GRACE_SECONDS = 5.0
"""Time for the cleanup after Ctrl-C. Then the process ends as from SIGKILL, which every file survives."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise KeyboardInterrupt on SIGTERM, and when the dvc that runs us is gone.

    A stage that a person started runs on when its parent is gone (nohup). An interrupt that falls into a
    finalizer is dropped by Python; it comes again. One of several processes ends at once instead: it may
    wait for another that is gone, and no interrupt comes through to Python then.
    """
    if launched_by():
        threading.Thread(target=_end_with, args=(up_to_launch(),), daemon=True).start()
        yield
        return
    before, shown = signal.signal(signal.SIGTERM, signal.default_int_handler), sys.unraisablehook
    over = threading.Event()

    def again(dropped: "sys.UnraisableHookArgs") -> None:
        if issubclass(dropped.exc_type, KeyboardInterrupt):
            threading.Thread(target=_interrupt, args=(over,), daemon=True).start()
        else:
            shown(dropped)

    sys.unraisablehook = again
    if "DVC_STAGE" in os.environ:  # dvc/stage/run.py
        threading.Thread(target=_watch, args=(up_to_dvc(), over), daemon=True).start()
    try:
        yield
    finally:
        over.set()
        sys.unraisablehook = shown
        signal.signal(signal.SIGTERM, before)


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise KeyboardInterrupt at the end if Ctrl-C came in between and did not end the work.

    An interrupt that falls into a finalizer is dropped by Python; one that falls into an import may come
    out as another error. Both happen while torch and transformers are imported.
    """
    came = threading.Event()

    def note(number: int, frame: FrameType | None) -> None:
        came.set()
        signal.default_int_handler(number, frame)

    def hook(dropped: "sys.UnraisableHookArgs") -> None:
        if not issubclass(dropped.exc_type, KeyboardInterrupt):
            shown(dropped)

    before, shown, sys.unraisablehook = signal.signal(signal.SIGINT, note), sys.unraisablehook, hook
    try:
        yield
    except Exception:
        if not came.is_set():
            raise
    finally:
        signal.signal(signal.SIGINT, before)
        sys.unraisablehook = shown
    if came.is_set():
        raise KeyboardInterrupt


def _interrupt(over: threading.Event) -> None:
    """Interrupt the main thread itself: it may wait for something that no other thread's signal ends."""
    if not over.wait(AGAIN_SECONDS):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)


def up_to_dvc() -> Sequence[int]:
    """Our process, its parent, and so on to the dvc that runs us: there may be a shell in between.

    Returns:
        process ids; shorter than 2 if dvc is gone already, and our parent is another.
    """
    line = _ancestors()
    noted = {*holders()}
    if not noted:  # another version of DVC: take our parent for dvc
        return line[:2]
    return line[: next((n for n, pid in enumerate(line, start=1) if pid in noted), 0)]


def up_to_launch() -> Sequence[int]:
    """Our process, its parent, and so on to the one that started the launcher, if that runs here."""
    line = _ancestors()
    return next((line[:n] for n, pid in enumerate(line, start=1) if pid == launched_by()), line[:2])


def _ancestors() -> list[int]:
    line = [os.getpid()]
    while parent := _parent_of(line[-1]):
        line.append(parent)
    return line


def holders(rwlock: Path = RWLOCK) -> Iterator[int]:
    """Processes that the file names. Killed ones stay in it."""
    try:
        locks = json.loads(rwlock.read_text("utf-8"))
        yield from (info["pid"] for info in locks.get("write", {}).values())
        yield from (info["pid"] for infos in locks.get("read", {}).values() for info in infos)
    except (OSError, ValueError, AttributeError, KeyError, TypeError):  # absent, or cut off by a crash
        return


def _watch(line: Sequence[int], over: threading.Event) -> None:
    while _stands(line):
        if over.wait(LOOK_SECONDS):
            return
    with suppress(OSError):  # the terminal may be gone as well
        print("\ndvc has ended, so this stage ends too.", file=sys.stderr)
    _interrupt(over)
    time.sleep(GRACE_SECONDS)
    os._exit(STOPPED)


def _end_with(line: Sequence[int]) -> None:
    """End at once when one of these processes is gone; every file survives it."""
    while _stands(line):
        time.sleep(LOOK_SECONDS)
    os._exit(STOPPED)


def _stands(line: Sequence[int]) -> bool:
    return len(line) > 1 and all(_parent_of(child) == parent for child, parent in pairwise(line))


def _parent_of(pid: int) -> int:
    """0 if there is none, or the process is gone."""
    if pid == os.getpid():
        return os.getppid()
    try:
        return psutil.Process(pid).ppid()
    except psutil.Error:
        return 0
