"""Sentences with slots: {value} and {name-of-a-claim}."""

import re
from collections.abc import Mapping

NAME = r"[a-z0-9][a-z0-9-]*"
OWN = "{value}"
GAP = "\u00a0"
"""Keeps a unit on the line of its number."""
_SLOT = re.compile(rf"\{{({NAME})\}}")
_LONGEST = 40
"""The number of characters that a printed value has at most, where an outdated one is looked for."""


def names_in(sentence: str) -> list[str]:
    """The names in a sentence's slots.

    >>> names_in("{a} of {b-2}")
    ['a', 'b-2']
    """
    return _SLOT.findall(sentence)


def filled(sentence: str, printed: Mapping[str, str]) -> str:
    """The sentence with its numbers.

    >>> filled("{a} of {b}", {"a": "3", "b": "10"})
    '3 of 10'
    """
    return _SLOT.sub(lambda slot: printed[slot[1]], sentence)


def spread(text: str) -> str:
    """A pattern of the text, wherever its lines break.

    >>> bool(re.search(spread("9 of 10"), "so 9 of\\n10"))
    True
    """
    return r"\s+".join(map(re.escape, text.split()))


def with_any_numbers(sentence: str) -> re.Pattern[str]:
    """A pattern of the sentence with any values in its slots, each of them a group.

    >>> with_any_numbers("has {a} of {b}.").search("it has 12 of\\n30.").groups()
    ('12', '30')
    """
    pieces = re.split(rf"\{{{NAME}\}}", sentence)
    between = rf"([^|\n](?:[^|]{{0,{_LONGEST - 1}}}?[^|\s])??)"
    return re.compile(between.join(map(_literal, pieces)))


def renewed(text: str, sentence: str, printed: Mapping[str, str]) -> str:
    """The text with new numbers wherever it has the sentence; line breaks between words stay.

    >>> renewed("has 12 of\\n30 now", "has {a} of {b} now", {"a": "7", "b": "10"})
    'has 7 of\\n10 now'
    """
    names = names_in(sentence)
    for match in reversed([*with_any_numbers(sentence).finditer(text)]):
        for number, name in reversed([*enumerate(names, start=1)]):
            if match[number].split() != printed[name].split():
                start, end = match.span(number)
                text = text[:start] + printed[name].replace(GAP, " ") + text[end:]
    return text


def _literal(piece: str) -> str:
    """A pattern of the words between two slots, blanks at its ends included; a number's point is none."""
    return re.sub(r"^(\\?[.,])", r"\1(?!\\d)", r"\s+".join(map(re.escape, re.split(r"\s+", piece))))
