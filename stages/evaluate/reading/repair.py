"""Repair of one broken JSON object; only its punctuation may change.

json_repair guesses without saying so: it keeps the torso of a cut-off value, reads
`34 years` as 34 and of two equal keys the last. So it sees one closed object at a time,
and what it gives is held against the text, word by word.
"""

import re
from collections import Counter
from typing import Any

import json_repair

from stages.common.fields import canonical
from stages.common.records import Profile
from stages.common.strict_json import check

_WORD = re.compile(r"[\w.+-]+")  # with the signs of numbers
_UNICODE_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_SPACE_ESCAPE = re.compile(r"\\[bfnrt]")
_PYTHON_NAMES = {"none": "null"}


def repair(text: str) -> tuple[Profile, list[str]]:
    """The object meant by `text`, and what was done to get it.

    Raises:
        ValueError: if there is none, or if it would lose, add or change a word.

    >>> repair("{'age': 34,}")[0]
    {'age': 34}
    >>> repair('{"age": 34 years}')
    Traceback (most recent call last):
    ValueError: a repair would lose 'years'
    """
    profile, log = _guess(text)
    check(profile)
    if not profile:
        raise ValueError("a repair finds no field")
    _check_words(text, profile)
    return profile, list(dict.fromkeys(f"repaired: {step['text']}" for step in log))


def _guess(text: str) -> tuple[Any, list[dict[str, str]]]:
    try:
        return json_repair.repair_json(text, return_objects=True, skip_json_loads=True, logging=True)
    except (ValueError, RecursionError, IndexError, TypeError) as error:
        raise ValueError(f"cannot be repaired: {error}") from None


def _check_words(text: str, profile: Profile) -> None:
    before, after = Counter(_words(text)), Counter(_words(canonical(profile)))
    for verb, words in (("lose", before - after), ("add", after - before)):
        if words:
            raise ValueError(f"a repair would {verb} {', '.join(map(repr, sorted(words)))}")


def _words(text: str) -> list[str]:
    unescaped = _UNICODE_ESCAPE.sub(lambda found: chr(int(found[1], 16)), _SPACE_ESCAPE.sub(" ", text))
    return [_plain(word.lower()) for word in _WORD.findall(unescaped)]


def _plain(word: str) -> str:
    """One spelling of a number, so that 1.50 may become 1.5, and of null."""
    try:
        return str(float(word))
    except ValueError:
        return _PYTHON_NAMES.get(word, word)
