"""The typed rows that pass between stages, one JSON object a line."""

import json
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

Condition: TypeAlias = Literal["original", "augmented"]
ArmCondition: TypeAlias = Literal["original", "augmented", "none"]
"""The dataset an arm was trained on or shown."""
Split: TypeAlias = Literal["train", "validation", "test"]
Profile: TypeAlias = dict[str, Any]
"""One person as a JSON object."""

CONDITIONS: tuple[Condition, ...] = ("original", "augmented")
SPLITS: tuple[Split, ...] = ("train", "validation", "test")


def one_line(value: Any) -> str:
    """The JSON that training teaches: on one line, without spaces, keys in their order."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Record(BaseModel):
    """A row of a JSONL file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Example(Record):
    """A prompt and the completion that training teaches; `data/prepared/*/*.jsonl`."""

    source_id: str
    prompt_id: str
    prompt: str
    completion: str


class Rejected(Record):
    """What `prepare` or `collect` left out, and why."""

    file: str
    record: int
    """Position in the file, from 1."""
    reason: str
    found: Any


class Written(Record):
    """A completion, whoever wrote it: one of our arms, or a chat page."""

    source: str
    condition: ArmCondition
    prompt_id: str
    draw: int
    """Number of the draw, from 1."""
    text: str

    @property
    def arm(self) -> str:
        return f"{self.source}/{self.condition}"


class Completion(Written):
    """What one arm of ours wrote in one draw; `data/generated/completions.jsonl`."""

    seed: int
    token_ids: list[int]
    """What was drawn, without the end mark: the receipt that one forward pass can check."""
    ended: Literal["eos", "length"]
    adapter_sha256: str | None


class TokenLoss(Record):
    """A negative log-likelihood summed over tokens, in nats."""

    nll: float
    n_tokens: int


class ProfileLoss(TokenLoss):
    """The loss of one held-out profile under one arm; `data/scores/nll.jsonl`."""

    source_id: str
    data: Condition
    split: Split
    arm: str
    fields: dict[str, TokenLoss]
    """Loss by dotted path; "" is what belongs to no field (braces, end of text)."""
