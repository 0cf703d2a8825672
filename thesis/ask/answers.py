"""One draw of one arm, with everything needed to show it, save it and draw it again."""

from dataclasses import dataclass
from typing import Any

from stages.common.llm.written import Drawn
from stages.common.seeds import seed_for
from stages.generate.arms import Arm
from thesis.ask.card import Card
from thesis.ask.prompts import Prompt
from thesis.ask.settings import Settings


@dataclass(frozen=True)
class Answer:
    """A completion of an arm, with how it was drawn and read."""

    base: str
    arm: Arm
    adapter_sha256: str | None
    prompt: Prompt
    settings: Settings
    draw: int
    """Number of the draw, from 1."""
    drawn: Drawn
    card: Card

    def as_json(self) -> dict[str, Any]:
        """The row that `generate` would write, and what `evaluate` would read in it."""
        return {
            "source": self.arm.source,
            "condition": self.arm.condition,
            "prompt_id": self.prompt.id,
            "draw": self.draw,
            "seed": row_seed(self.settings, self.arm, self.prompt.id, self.draw),
            "text": self.drawn.text,
            "token_ids": self.drawn.token_ids,
            "ended": self.drawn.ended,
            "adapter_sha256": self.adapter_sha256,
            "verdict": self.card.verdict,
            "read": self.card.read.model_dump(exclude={"arm", "prompt_id", "draw", "conversation"}),
        }


def row_seed(settings: Settings, arm: Arm, prompt_id: str, draw: int) -> int:
    """The seed of a draw's noise, derived as in `generate`."""
    return seed_for(settings.seed, arm.name, prompt_id, draw)
