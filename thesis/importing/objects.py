"""Find the keys of a JSON object in a text, also of a broken one: it is most likely a profile."""

import json
import re

_MAX_TRIED = 50
_DECODER = json.JSONDecoder(strict=False)
_QUOTED = re.compile(r"""["“„«‘'](\w[\w .-]{0,60})["”“»’']\s*:""")
_BARE = re.compile(r"(?:[{,]\s*|\n\s*)(\w{1,60})\s*:")


def keys_of(text: str) -> list[str]:
    """The keys of the first object that can be parsed; else what looks like keys between braces.

    >>> keys_of('Here: {"age": 34}'), keys_of("{age: 34, job: none,"), keys_of("As one object `{ … }`: done")
    (['age'], ['age', 'job'], [])
    """
    parsed = parsed_keys(text)
    if parsed or "{" not in text:
        return parsed
    between = text[text.index("{") : text.rfind("}") + 1 or len(text)]
    quoted, bare = _QUOTED.findall(between), _BARE.findall(between)
    return quoted or (bare if len(bare) > 1 else [])


def parsed_keys(text: str) -> list[str]:
    """The keys of the first object that is valid JSON and not empty."""
    start = text.find("{")
    for _ in range(_MAX_TRIED):
        if start < 0:
            break
        try:
            value, _ = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict) and value:
            return list(value)
        start = text.find("{", start + 1)
    return []


def weight(text: str) -> tuple[int, int]:
    """How much of a profile a text holds: the number of parsed keys, then of all that look like keys."""
    return len(parsed_keys(text)), len(keys_of(text))
