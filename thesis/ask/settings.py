"""The settings that answers are drawn with: the pipeline's, until a person changes some."""

import re
from typing import Any

from pydantic import Field, NonNegativeInt, PositiveInt, ValidationError

from stages.common.llm.sampling import SamplingParams
from stages.shell.errors import UserError, mistakes


class Settings(SamplingParams):
    """The params of `generate` that matter to one prompt."""

    temperature: float = Field(gt=0, le=100, allow_inf_nan=False)
    """Logits are divided by it; 1 draws from the model's own distribution."""
    draws: int = Field(ge=1, le=1000)
    """Answers per arm."""
    first_draw: PositiveInt
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
            found = [f"{'.'.join(map(str, e['loc']))}: {e['input']!r}: {e['msg']}" for e in error.errors()]
        raise mistakes("Invalid settings", found, "Give another value; nothing was changed")


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
