"""Ask something that may never answer."""

from collections.abc import Callable
from threading import Thread
from typing import TypeVar

T = TypeVar("T")
PATIENCE_SECONDS = 5
"""Time that a server or a remote has to answer."""


def within(seconds: float, ask: Callable[[], T]) -> T:
    """Return or raise what `ask` does; raise TimeoutError after `seconds` and leave it running.

    >>> within(1, lambda: 2)
    2
    """
    answers: list[T] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            answers.append(ask())
        except Exception as error:  # noqa: BLE001 -- raised again below, in the caller's thread
            errors.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not answers:
        raise TimeoutError(f"no answer within {seconds:g} s")
    return answers[0]
