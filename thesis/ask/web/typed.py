"""Check what was typed into the page's fields, and say in words what is wrong beside which."""

from typing import Any

from pydantic import Field, ValidationError

from thesis.ask.settings import Settings, complaints

MAX_DRAWS = 10
"""Most draws per arm on the page; the terminal takes more."""
TEXT, NUMBERS = "text", ("draws", "first_draw", "temperature", "seed")
"""Names of the prompt's field and of the settings' fields."""
EMPTY = "The prompt is empty. Type one, or choose one from the list."


class Refused(Exception):
    """Fields that cannot be used, with a sentence about each."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__(" ".join(errors.values()))


class PageSettings(Settings):
    """Settings with fewer draws: the page shows all of them."""

    draws: int = Field(ge=1, le=MAX_DRAWS)


def settings_of(typed: dict[str, Any], plain: Settings) -> Settings:
    """The plain settings with the typed ones.

    Raises:
        Refused: names every field that is wrong, the prompt's among them.
    """
    errors = {} if typed[TEXT].strip() else {TEXT: EMPTY}
    changes = {name: typed[name].strip() for name in NUMBERS} | {"constrained": typed["constrained"]}
    try:
        settings = PageSettings.model_validate(plain.model_dump() | changes)
    except ValidationError as error:
        raise Refused(errors | complaints(error)) from None
    if errors:
        raise Refused(errors)
    return settings
