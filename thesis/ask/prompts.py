"""A prompt for all arms: one of data/prompts.yaml, or a typed one."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from stages.common.prompts import AskedPrompt, asked_text
from stages.common.schema import ProfileSchema
from stages.shell.errors import UserError

TYPED = "typed-"


@dataclass(frozen=True)
class Prompt:
    """The text of a prompt, and the name under which its draws are seeded and saved."""

    id: str
    text: str

    @property
    def is_typed(self) -> bool:
        return self.id.startswith(TYPED)


def asked_prompts(asked: Sequence[AskedPrompt], schema: ProfileSchema) -> list[Prompt]:
    """The prompts of data/prompts.yaml, filled."""
    return [Prompt(prompt.id, asked_text(prompt, schema)) for prompt in asked]


def typed_prompt(text: str, asked: Sequence[Prompt]) -> Prompt:
    """The asked prompt with the typed text, else a prompt named after the text.

    Raises:
        UserError: if the text is empty or not UTF-8.

    >>> typed_prompt(" Write. ", [Prompt("free", "Write.")]).id
    'free'
    >>> typed_prompt("Write!", [Prompt("free", "Write.")]).id
    'typed-60519374'
    """
    check_text(text)
    text = text.strip()
    digest = hashlib.sha256(text.encode()).hexdigest()
    same = next((prompt for prompt in asked if prompt.text == text), None)
    return same or Prompt(f"{TYPED}{digest[:8]}", text)


def check_text(text: str) -> None:
    """Raise UserError if a prompt is empty or not UTF-8."""
    if not text.strip():
        raise UserError("The prompt is empty: type one, or choose one with --prompt")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UserError(
            "The prompt contains bytes that are not UTF-8: type it again, or save its file as UTF-8"
        ) from None


def chosen_prompt(prompt_id: str, asked: Sequence[Prompt]) -> Prompt:
    """The asked prompt with this id; UserError lists all ids if there is none."""
    found = next((prompt for prompt in asked if prompt.id == prompt_id), None)
    if found is None:
        ids = ", ".join(prompt.id for prompt in asked)
        raise UserError(f"data/prompts.yaml has no asked prompt {prompt_id!r}; there are: {ids}")
    return found
