"""Draw in a separate thread, and give the page what has been written so far."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread

from stages.generate.arms import Arm
from thesis.ask.prompts import Prompt
from thesis.ask.session import Session
from thesis.ask.settings import Settings
from thesis.ask.web.columns import Column

PAUSE_SECONDS = 0.15
"""Pause between two looks at the texts; a browser gets no faster with shorter ones."""


class Stopped(Exception):
    """Raised when the person presses Stop or closes the page."""


@dataclass
class Draw:
    """A draw of all arms, one after another."""

    session: Session
    prompt: Prompt
    settings: Settings
    columns: list[Column]
    is_stopped: Event = field(default_factory=Event)
    error: BaseException | None = None

    def fill(self) -> None:
        """Ask every arm; an error waits in `error` for the thread that shows it."""
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
    """Yield the columns again and again until all arms have written; closing the iterator stops the draw.

    Raises:
        UserError: from the draw, for example if the prompt is too long.
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
