"""The words of a text."""

import unicodedata


def tokens(text: str) -> list[str]:
    """Split a text at white space, in lower case; all that is no letter (of any alphabet) is deleted.

    A mark on a letter is part of it; the two ways to write "ö" are one.

    >>> tokens("She's a 34-year-old, well-paid Köchin - no kids.")
    ['shes', 'a', 'yearold', 'wellpaid', 'köchin', 'no', 'kids']
    """
    words = map(_letters, unicodedata.normalize("NFC", text).lower().split())
    return [word for word in words if word]


def _letters(word: str) -> str:
    if word.isalpha():
        return word
    kept, inside = "", False
    for char in word:
        inside = char.isalpha() or (inside and unicodedata.category(char).startswith("M"))
        kept += char if inside else ""
    return kept
