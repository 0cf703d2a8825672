"""One press of Ask: all arms in turn, in a thread that a person can stop."""

import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

from stages.common.llm.written import Drawn
from stages.common.shown import visible
from stages.shell.errors import UserError
from thesis.ask.answers import Answer
from thesis.ask.prompts import Prompt
from thesis.ask.saving import Saved
from thesis.ask.session import Session, arm_under
from thesis.ask.settings import Settings
from thesis.ask.web.columns import Column

PATIENCE_SECONDS = 10.0
"""A draw goes on this long without a page that looks at it: a reload takes less, a closed tab stops it."""


class Stopped(Exception):
    """Raised within a draw when the person presses Stop or leaves the page."""


@dataclass
class Asking:
    """A draw of all arms, one after another; what was written before a stop is kept."""

    session: Session
    prompt: Prompt
    settings: Settings
    columns: list[Column] = field(init=False)
    saved: list[Saved] = field(default_factory=list)
    """New files of the answers."""
    error: str = ""
    is_running: bool = True
    _is_stopped: Event = field(default_factory=Event)
    _seen: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.columns = [Column(arm_under(self.settings, arm)) for arm in self.session.columns]

    def start(self) -> Thread:
        """Draw in a thread of its own."""
        thread = Thread(target=self._fill, daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """End the draw at the next token."""
        self._is_stopped.set()

    def as_json(self) -> dict[str, Any]:
        """What the page shows. Whoever reads it is watching: the draw goes on."""
        self._seen = time.monotonic()
        is_running = self.is_running  # before the columns: once it is false, they are complete
        columns = [column.as_json(self.session) for column in self.columns]
        return {"is_running": is_running, "error": visible(self.error), "columns": columns}

    @property
    def answers(self) -> Sequence[Answer]:
        return [answer for column in self.columns for answer in column.answers]

    def _fill(self) -> None:
        """Ask every arm; an error waits in `error` for the page."""
        try:
            for column in self.columns:
                self._check()
                self._ask(column)
        except Stopped:
            pass
        except UserError as error:
            self.error = str(error)
        except Exception as error:  # noqa: BLE001 -- told on the page, with its traceback in the terminal
            traceback.print_exc(file=sys.stderr)
            self.error = f"The draw failed: {type(error).__name__}: {error}\nThe terminal shows where."
        finally:
            self.is_running = False

    def _ask(self, column: Column) -> None:
        def watch(drawn: list[Drawn]) -> None:
            column.write(drawn)
            self._check()

        try:
            column.end(self.session.answers(column.arm, self.prompt, self.settings, watch))
        except BaseException:
            column.end(column.so_far(self.session, self.prompt, self.settings), is_stopped=True)
            raise

    def _check(self) -> None:
        is_left = time.monotonic() - self._seen > PATIENCE_SECONDS
        if self._is_stopped.is_set() or is_left:
            raise Stopped
