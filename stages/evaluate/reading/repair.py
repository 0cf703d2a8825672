"""Repair of one broken JSON object; only its punctuation may change.

json_repair guesses without saying so: it keeps the torso of a cut-off value, reads
`34 years` as 34 and of two equal keys the last. So it sees one closed object at a time,
and what it gives is held against the text, word by word.
"""

import re
from collections import Counter
from collections.abc import Iterator, Set
from typing import Any

import json_repair

from stages.common.fields import canonical
from stages.common.quotes import MARKS, masked, straightened
from stages.common.records import Profile
from stages.common.shown import listed
from stages.common.strict_json import check, decode

_WORD = re.compile(r"[\w.+-]+")  # with the signs of numbers
_KEY = re.compile(rf"(?<!\w)([^\s{MARKS}{{}}\[\],:*]+)[{MARKS}*]*\s*:")
_UNICODE_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_SPACE_ESCAPE = re.compile(r"\\[bfnrt]")
_TEXT_OR_COMMENT = re.compile(
    r'("(?:\\.|[^"\\])*+")|(?:(?<=[{}\[\],])|(?<=\s))(?://|\#)[^\n]*|/\*.*?\*/', re.DOTALL
)
_ENDS_A_TEXT = re.compile(rf"[{MARKS}]\s*[,:]?\s*\Z")
"""A match that looks like a comment may be the end of a text with one mark too many."""
MAX_REPAIRED = 200_000
"""In characters; a profile has some hundreds, and a repair looks at each many times."""
COMMENTS = "comments left out"
STRAIGHTENED = "other quotation marks read as plain ones"
_PYTHON_NAMES = {"none": "null"}


def repair(text: str, keys: Set[str] = frozenset()) -> tuple[Profile, list[str]]:
    """Repair a broken JSON object: the object that `text` means, and what was done to get it.

    `keys` are the top-level ones of the schema, in lower case.

    Raises:
        ValueError: if there is none, or if it would lose, add or change a word, or one of the keys.

    >>> repair("{'age': 34,}")[0]
    {'age': 34}
    >>> repair('{"age": 34 years}')
    Traceback (most recent call last):
    ValueError: a repair would lose 'years'
    """
    try:
        profile, steps = _repair(text, keys)
    except ValueError:
        if (bare := without_comments(text)) == text:
            raise
        profile, steps = _repair(bare, keys)
        steps = [COMMENTS, *steps]
    return profile, list(dict.fromkeys(f"repaired: {step}" for step in steps))


def without_comments(text: str) -> str:
    """Remove comments outside of texts: after // or # up to the line's end, and inside /* */.

    >>> without_comments('{"age": 3, // years\\n"url": "http://a # b"}')
    '{"age": 3, \\n"url": "http://a # b"}'
    """
    parts, done = [], 0
    for found in _TEXT_OR_COMMENT.finditer(masked(text)):
        if found[1] is None and not _ENDS_A_TEXT.search(found[0]):
            parts.append(text[done : found.start()])
            done = found.end()
    return "".join([*parts, text[done:]])


def _repair(text: str, keys: Set[str]) -> tuple[Profile, list[str]]:
    if len(text) > MAX_REPAIRED:
        raise ValueError(f"too long to be repaired: {len(text):,} characters, at most {MAX_REPAIRED:,}")
    plain = straightened(text)
    profile, steps = _guess(plain)
    check(profile)
    if not profile:
        raise ValueError("a repair finds no field")
    _check_words(text, profile)
    _check_keys(text, profile, keys)
    return profile, [STRAIGHTENED, *steps] if plain != text else steps


def _guess(text: str) -> tuple[Any, list[str]]:
    try:
        plain, end = decode(text)
        if end == len(text):
            return plain, []
    except ValueError:
        pass
    try:
        profile, log = json_repair.repair_json(text, return_objects=True, skip_json_loads=True, logging=True)
    except (ValueError, RecursionError, IndexError, TypeError) as error:
        raise ValueError(f"cannot be repaired: {error}") from None
    return profile, [step["text"] for step in log]


def _check_words(text: str, profile: Profile) -> None:
    before, after = Counter(_words(text)), Counter(_words(canonical(profile)))
    for verb, words in (("lose", before - after), ("add", after - before)):
        if words:
            raise ValueError(f"a repair would {verb} {listed(map(repr, sorted(words)))}")


def _check_keys(text: str, profile: Profile, keys: Set[str]) -> None:
    """Refuse a repair that made a key of the schema a part of a key that the schema does not have."""
    others = [key.lower() for key in profile if key.lower() not in keys]
    gone = (keys & {key.lower() for key in _KEY.findall(text)}) - {*_keys_of(profile)}
    changed = [
        key
        for key in sorted(gone)
        if any(re.search(rf"(?<!\w){re.escape(key)}(?!\w)", other) for other in others)
    ]
    if changed:
        raise ValueError(f"a repair would change the key {listed(map(repr, changed))}")


def _keys_of(value: Any) -> Iterator[str]:
    """The keys of a value in lower case, at any depth."""
    if isinstance(value, dict | list):
        yield from (key.lower() for key in value if isinstance(value, dict))
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _keys_of(inner)


def _words(text: str) -> list[str]:
    unescaped = _UNICODE_ESCAPE.sub(lambda found: chr(int(found[1], 16)), _SPACE_ESCAPE.sub(" ", text))
    return [_plain(word.lower()) for word in _WORD.findall(unescaped)]


def _plain(word: str) -> str:
    """A word in one spelling for equal numbers and for null, so that 1.50 may become 1.5."""
    try:
        return str(float(word))
    except ValueError:
        return _PYTHON_NAMES.get(word, word)
