"""A draw in a thread of its own, and what has been written so far for the page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread

from stages.generate.arms import Arm
from thesis.ask.prompts import Prompt
from thesis.ask.session import Session
from thesis.ask.settings import Settings
from thesis.ask.web.columns import Column

PAUSE_SECONDS = 0.15
"""Between two looks at what has been written; a browser draws no faster with more."""


class Stopped(Exception):
    """The person pressed Stop, or closed the page."""


@dataclass
class Draw:
    """All arms, asked one after another."""

    session: Session
    prompt: Prompt
    settings: Settings
    columns: list[Column]
    is_stopped: Event = field(default_factory=Event)
    error: BaseException | None = None

    def fill(self) -> None:
        """Ask every arm; what goes wrong waits in `error` for the thread that shows it."""
        try:
            for column in self.columns:
                self._ask(column)
        except Stopped:
            return
        except BaseException as error:  # noqa: BLE001 -- raised again where a person can see it
            self.error = error

    def _ask(self, column: Column) -> None:
        def watch(texts: list[str]) -> None:
            if self.is_stopped.is_set():
                raise Stopped
            column.texts = list(texts)

        watch([])
        column.answers = self.session.answers(column.arm, self.prompt, self.settings, watch)


def drawn(
    session: Session, arms: Sequence[Arm], prompt: Prompt, settings: Settings
) -> Iterator[list[Column]]:
    """The columns, again and again until all arms have written; to close it stops the draw.

    Raises:
        UserError: what a draw raises, such as a prompt that is too long.
    """
    draw = Draw(session, prompt, settings, [Column(arm) for arm in arms])
    worker = Thread(target=draw.fill, daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            yield draw.columns
            worker.join(PAUSE_SECONDS)
    finally:
        draw.is_stopped.set()
    if draw.error is not None:
        raise draw.error
    yield draw.columns
