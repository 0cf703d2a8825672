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
    texts: list[str] = field(default_factory=list)
    """Texts so far, by draw."""
    n_tokens: list[int] = field(default_factory=list)
    """Number of tokens behind each text so far."""
    answers: list[Answer] = field(default_factory=list)
    """The texts as answers, once the draws have ended."""
    state: Literal["waits", "writes", "done", "stopped"] = "waits"
    _steps: list[int] = field(default_factory=list)
    _began: float = 0.0
    _ended: float = 0.0

    def write(self, texts: Sequence[str]) -> None:
        """Take the texts after one more token: a text that has ended does not grow."""
        self._began, self.state = self._began or time.monotonic(), "writes"
        for row, text in enumerate(texts):
            if row == len(self.texts):
                self.texts.append("")
                self.n_tokens.append(0)
                self._steps.append(0)
            self._steps[row] += 1
            if text != self.texts[row]:
                self.texts[row], self.n_tokens[row] = text, self._steps[row]

    def end(self, answers: Sequence[Answer], *, is_stopped: bool = False) -> None:
        self._ended = time.monotonic()
        self.answers = [*answers]
        self.state = "stopped" if is_stopped else "done"

    def so_far(self, session: Session, prompt: Prompt, settings: Settings) -> list[Answer]:
        """The texts of a stopped draw as answers: those that a limit of as many tokens gives."""
        numbers = zip(settings.numbers, self.texts, self.n_tokens, strict=False)
        return [
            session.answer(
                self.arm, prompt, settings.changed(max_new_tokens=n), number, Drawn(text, n, "length")
            )
            for number, text, n in numbers
            if n
        ]

    def as_json(self, session: Session) -> dict[str, Any]:
        """What the page needs to draw the column."""
        state = self.state  # before the answers: once it has ended, they are complete
        n_tokens = sum(one.drawn.n_tokens for one in self.answers) or sum(self.n_tokens)
        return {
            **named(self.arm, session.base_name),
            "state": state,
            "texts": [visible(text) for text in self.texts] if state == "writes" else [],
            "cards": [_card(answer, state == "stopped") for answer in self.answers],
            "n_tokens": n_tokens,
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


def _card(answer: Answer, is_stopped: bool) -> dict[str, Any]:
    """An answer's card."""
    drawn, card = answer.drawn, answer.card
    ended = "when stopped" if is_stopped else ENDED_WORDS[drawn.ended]
    made = f"{drawn.n_tokens} tokens, {ended}"
    return {"draw": answer.draw, **card_json(card.read, card.schema, drawn.text, made)}
