"""Answers in which JSON stands as a text in JSON: `"{\\"age\\": 34}"`, alone or as a value of a wrapper."""

import json
import re
from collections.abc import Set

from stages.collect.furniture import without_furniture
from stages.collect.objects import keys_in
from stages.common.json_objects import candidates

_STRING = re.compile(r'"(?:\\.|[^"\\])*+(?:"|\Z)', re.DOTALL)
"""If one never closes, none after it does, so the rest is read once, not from every mark."""
_BARE = re.compile(r'\s*(?:\[(?:\s|\\[nrt])*)?\{(?:\s|\\[nrt])*\\"')
"""An encoded text that was copied without the quotation marks around it."""
_JSON = re.compile(r"[\[{].*[\]}]", re.DOTALL)


def opened(answer: str, keys: Set[str]) -> tuple[str, str]:
    """The answer with the texts that hold profiles read as JSON, and what these texts say beside them.

    Args:
        keys: the top-level keys of the schema, in lower case. A text holds a profile if an object in it
            can be read and has at least half of them.

    >>> opened('{"answer": "Here: {\\\\"age\\\\": 34}"}', {"age"})
    ('{"answer": {"age": 34}}', 'Here:')
    """
    said: list[str] = []

    def inner(found: re.Match[str]) -> str:
        text = _decoded(found[0])
        if text is None or not _holds_profile(text, keys) or (shown := _JSON.search(text)) is None:
            return found[0]
        said.append(without_furniture(text[: shown.start()] + "\n" + text[shown.end() :]).strip())
        return shown[0]

    if '\\"' not in answer:
        return answer, ""
    whole = f'"{answer.strip()}"' if _BARE.match(answer) else answer
    text = _STRING.sub(inner, whole)
    return (answer if text == whole else text), "\n".join(filter(None, said))


def _decoded(text: str) -> str | None:
    """Content of a JSON text; None if it holds no quotation marks or is no JSON text."""
    if '\\"' not in text or "{" not in text:
        return None
    try:
        found = json.loads(text, strict=False)
    except ValueError:
        return None
    return str(found)


def _holds_profile(text: str, keys: Set[str]) -> bool:
    return any(
        one.profile is not None and len(keys_in(one.text) & keys) * 2 >= len(keys) for one in candidates(text)
    )
