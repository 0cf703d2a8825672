"""A checkpoint's own chat template with a frozen date, and what it writes around a turn."""

import datetime
import json
import re
from typing import Any

from stages.shell.errors import UserError

TODAY = datetime.date(2024, 7, 26)
"""Date that a template gets when it asks for today's: the default of Llama 3.1's template."""
_QUESTION, _ANSWER = "Which-question?", "This-answer."
_DATE = re.compile(r"strftime_now\s*\(\s*(['\"])(.*?)\1\s*\)")
_ANY_DATE = re.compile(r"strftime_now(?!\s+is\s)")


def settle_template(tokenizer: Any) -> None:
    """Freeze the date in the chat template, and let it open the answer's turn if it does not.

    Raises:
        UserError: the tokenizer has no template, or one that this study's turns do not fit.
    """
    rendered(tokenizer, opened=True)
    template = tokenizer.get_chat_template()
    tokenizer.chat_template = _DATE.sub(lambda found: json.dumps(f"{TODAY:{found[2]}}"), template)
    if _ANY_DATE.search(tokenizer.chat_template):
        raise _unfit(
            "writes today's date in a way that cannot be frozen, so prompts would change from day to day"
        )
    asked, unopened = rendered(tokenizer, opened=True), rendered(tokenizer, opened=False)
    if _QUESTION not in asked:
        raise _unfit("does not show the prompt")
    before = rendered(tokenizer, opened=False, answered=True).rpartition(_ANSWER)[0]
    if asked == unopened and before.strip() != asked.strip():
        opening = before.removeprefix(asked)
        written = f"{{% if add_generation_prompt %}}{{{{ {json.dumps(opening)} }}}}{{% endif %}}"
        tokenizer.chat_template = tokenizer.chat_template.removesuffix("\n") + written
        if rendered(tokenizer, opened=True) != before:
            raise _unfit("does not open the answer's turn (it ignores add_generation_prompt)")


def after_answer(tokenizer: Any) -> str:
    """What the template writes after an assistant's words; "" if it does not show them."""
    _, answer, after = rendered(tokenizer, opened=False, answered=True).rpartition(_ANSWER)
    return after if answer else ""


def chat_ids(tokenizer: Any, prompt: str) -> list[int]:
    """Ids of a prompt in the template, up to where the answer begins; marks in the prompt are text.

    Raises:
        UserError: the tokenizer has no template, or it fails.
    """
    how = {"add_generation_prompt": True, "sanitize_control_tokens": True, "return_dict": False}
    return list(_applied(tokenizer, [_turn("user", prompt)], **how))


def rendered(tokenizer: Any, *, opened: bool, answered: bool = False) -> str:
    """A conversation of one prompt (and an answer if `answered`), up to the next answer if `opened`."""
    turns = [_turn("user", _QUESTION), *([_turn("assistant", _ANSWER)] if answered else [])]
    text: str = _applied(tokenizer, turns, tokenize=False, add_generation_prompt=opened)
    return text


def _turn(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def _applied(tokenizer: Any, turns: list[dict[str, str]], **how: Any) -> Any:
    if not tokenizer.chat_template:
        raise UserError("models/bases.yaml: template: tokenizer, but this one has none; use alpaca")
    try:
        return tokenizer.apply_chat_template(turns, **how)
    except Exception as error:  # noqa: BLE001 -- a template is a program of its own, and may raise anything
        raise _unfit(f"fails on a prompt without a system turn ({_first_line(error)})") from None


def _unfit(says: str) -> UserError:
    return UserError(
        f"models/bases.yaml: template: tokenizer, but this one's chat template {says}\nUse template: alpaca"
    )


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
