"""A column of the page: what one arm has written so far, then its cards."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from stages.common.cards import ENDED_WORDS, card_json
from stages.common.llm.written import Drawn
from stages.common.look import arm_name, symbol
from stages.common.shown import visible
from stages.generate.arms import Arm
from thesis.ask.answers import Answer
from thesis.ask.labels import label_of
from thesis.ask.prompts import Prompt
from thesis.ask.session import Session
from thesis.ask.settings import Settings


@dataclass
class Column:
    """One arm on the page."""

    arm: Arm
    drawn: list[Drawn] = field(default_factory=list)
    """What each draw has written so far."""
    answers: list[Answer] = field(default_factory=list)
    """The draws as answers, once they have ended."""
    state: Literal["waits", "writes", "done", "stopped"] = "waits"
    _began: float = 0.0
    _ended: float = 0.0

    @property
    def texts(self) -> list[str]:
        """Texts so far, by draw."""
        return [one.readable for one in self.drawn]

    def write(self, drawn: Sequence[Drawn]) -> None:
        """Take what has been written after one more token."""
        self._began, self.state = self._began or time.monotonic(), "writes"
        self.drawn = [*drawn]

    def end(self, answers: Sequence[Answer], *, is_stopped: bool = False) -> None:
        self._ended = time.monotonic()
        self.answers = [*answers]
        self.state = "stopped" if is_stopped else "done"

    def so_far(self, session: Session, prompt: Prompt, settings: Settings) -> list[Answer]:
        """The draws of a stopped arm as answers: those that a limit of as many tokens gives."""
        return [
            session.answer(self.arm, prompt, _ended_by(one, settings), number, one)
            for number, one in zip(settings.numbers, self.drawn, strict=False)
            if one.n_tokens
        ]

    def as_json(self, session: Session) -> dict[str, Any]:
        """What the page needs to draw the column."""
        state = self.state  # before the answers: once it has ended, they are complete
        drawn = [answer.drawn for answer in self.answers] or self.drawn
        return {
            **named(self.arm, session.base_name),
            "state": state,
            "texts": [visible(text) for text in self.texts] if state == "writes" else [],
            "cards": [_card(answer, state == "stopped") for answer in self.answers],
            "n_tokens": sum(one.n_tokens for one in drawn),
            "seconds": round(self._seconds(), 1),
        }

    def _seconds(self) -> float:
        return (self._ended or time.monotonic()) - self._began if self._began else 0.0


def named(arm: Arm, base: str) -> dict[str, str]:
    """The names of an arm, and how it is drawn."""
    return {
        "label": label_of(arm),
        "name": arm_name(arm.name, base),
        "symbol": symbol(arm.name, base),
        "condition": arm.condition,
    }


def _ended_by(drawn: Drawn, settings: Settings) -> Settings:
    """Settings that give this draw again."""
    return settings if drawn.ended == "eos" else settings.changed(max_new_tokens=drawn.n_tokens)


def _card(answer: Answer, is_stopped: bool) -> dict[str, Any]:
    """An answer's card."""
    drawn, card = answer.drawn, answer.card
    ended = "when stopped" if is_stopped else ENDED_WORDS[drawn.ended]
    made = f"{drawn.n_tokens} tokens, {ended}"
    return {"draw": answer.draw, **card_json(card.read, card.schema, drawn.text, made)}
