"""How answers are drawn: the pipeline's settings, until a person changes some."""

import re
from typing import Any

from pydantic import Field, NonNegativeInt, PositiveInt, ValidationError

from stages.common.llm.sampling import SamplingParams
from stages.generate.params import GenerateParams
from stages.shell.errors import UserError, mistakes


class Settings(SamplingParams):
    """What `generate` reads in params.yaml, as far as it matters to one prompt."""

    temperature: float = Field(gt=0, le=100, allow_inf_nan=False)
    """Logits are divided by it; 1 draws from the model's own distribution."""
    draws: int = Field(ge=1, le=1000)
    """Answers of each arm."""
    first_draw: PositiveInt
    """The number of the first of them, from 1."""
    seed: NonNegativeInt
    """Of the noise, together with arm, prompt and draw."""
    constrained: bool
    """Decode under the grammar of the profile schema: always a profile, whatever was learnt."""

    @property
    def numbers(self) -> range:
        """Of the draws."""
        return range(self.first_draw, self.first_draw + self.draws)

    def in_words(self) -> str:
        """Names and values on one line."""
        return "   ".join(f"{name} {_shown(value)}" for name, value in self.model_dump().items())

    def changed(self, **changes: Any) -> "Settings":
        """A copy with other values.

        Raises:
            UserError: names every value that cannot be.
        """
        try:
            return Settings.model_validate(self.model_dump() | changes)
        except ValidationError as error:
            found = [f"{'.'.join(map(str, e['loc']))}: {e['input']!r}: {e['msg']}" for e in error.errors()]
        raise mistakes("These settings cannot be", found, "Give another value; nothing was changed")


def settings_of(params: GenerateParams) -> Settings:
    """The pipeline's settings with one draw: draw 1 is then the first of `generate`'s."""
    taken = params.model_dump(include={*SamplingParams.model_fields, "seed"})
    return Settings.model_validate(taken | {"draws": 1, "first_draw": 1, "constrained": False})


def changes_of(line: str) -> dict[str, str | None]:
    """Settings by name, as a person types them; UserError if a value has no name.

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
