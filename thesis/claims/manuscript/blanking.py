"""Blank out what a manuscript holds beside its running text; lines keep their numbers."""

import re

HIDE = "hide"


def blanked(text: str, pattern: re.Pattern[str]) -> str:
    r"""The text with blanks in place of what the pattern finds, or of its group `hide` if it has one.

    >>> blanked("a 1\nb", re.compile(r"1\nb"))
    'a  \n '
    """
    part = HIDE if HIDE in pattern.groupindex else 0
    for match in pattern.finditer(text):
        start, end = match.span(part)
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text
