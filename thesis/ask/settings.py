"""The settings that answers are drawn with: the pipeline's, until a person changes some."""

import re
from typing import Any

from pydantic import Field, NonNegativeInt, ValidationError
from pydantic_core import ErrorDetails

from stages.common.llm.sampling import SamplingParams
from stages.common.shown import brief, on_one_line, visible
from stages.shell.errors import UserError, mistakes

LIMITS = {"gt": "above", "ge": "at least", "lt": "below", "le": "at most"}
KINDS = {"int": "a whole number", "float": "a number", "finite": "a number", "bool": "yes or no"}
"""What a value must be, by the beginning of pydantic's word for the mistake."""


class Settings(SamplingParams):
    """The params of `generate` that matter to one prompt."""

    temperature: float = Field(gt=0, le=100, allow_inf_nan=False)
    """Logits are divided by it; 1 draws from the model's own distribution."""
    draws: int = Field(ge=1, le=1000)
    """Answers per arm."""
    first_draw: int = Field(ge=1)
    """Number of the first draw, from 1."""
    seed: NonNegativeInt
    """Seed of the noise, together with arm, prompt and draw."""
    constrained: bool
    """Decode under the grammar of the profile schema: always a profile, whatever was learned."""

    @property
    def numbers(self) -> range:
        """Numbers of the draws."""
        return range(self.first_draw, self.first_draw + self.draws)

    def listed(self) -> str:
        """Names and values on one line."""
        return "   ".join(f"{name} {_shown(value)}" for name, value in self.model_dump().items())

    def changed(self, **changes: Any) -> "Settings":
        """A copy with other values; UserError names every invalid one."""
        try:
            return Settings.model_validate(self.model_dump() | changes)
        except ValidationError as error:
            found = complaints(error)
        raise mistakes("Invalid settings", [*found.values()], "Give another value; nothing was changed")


def complaints(error: ValidationError) -> dict[str, str]:
    """A sentence about each setting that was refused, by its name."""
    return {str(found["loc"][0]): _complaint(found) for found in error.errors()}


def changes_of(line: str) -> dict[str, str | None]:
    """Parse settings typed by a person into values by name; UserError if a value has no name.

    >>> changes_of("temperature 0.7, top_k=none")
    {'temperature': '0.7', 'top_k': None}
    """
    words = re.split(r"[\s=:,]+", line.strip().lower())
    if len(words) % 2:
        raise UserError("Type a setting and its value, as in: temperature 0.7")
    values = [None if value in ("none", "null", "all") else value for value in words[1::2]]
    return dict(zip(words[::2], values, strict=True))


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "all" if value is None else f"{value:g}" if isinstance(value, float) else f"{value}"


def _complaint(found: ErrorDetails) -> str:
    """A sentence that says what a value must be, and what was typed."""
    name, value = str(found["loc"][0]), found["input"]
    if found["type"] == "extra_forbidden":
        return f"There is no setting {visible(brief(name))}."
    words = name.replace("_", " ").capitalize()
    if value in ("", None):
        return f"{words} is empty. Type a number."
    typed = _shown(value) if isinstance(value, int | float) else on_one_line(brief(str(value), 40))
    return f"{words} must be {_must(found)}. You typed {typed}."


def _must(found: ErrorDetails) -> str:
    limits, kind = found.get("ctx", {}), found["type"]
    for limit, words in LIMITS.items():
        if limit in limits:
            return f"{words} {limits[limit]:g}"
    return next((words for begin, words in KINDS.items() if kind.startswith(begin)), found["msg"])
