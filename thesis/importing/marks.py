"""Read the marks in ChatGPT's texts that stand for names, links, sources and widgets."""

import json
import re

from thesis.importing.turns import text_of

_MARK = re.compile("\ue200([^\ue200\ue201]*)\ue201")
_SOURCE_LEFT_OPEN = re.compile("\ue200\\w*cite(?:\ue202turn\\d+\\w+)+")
_STRAY = re.compile("[\ue200-\ue20f]")
_KIND = re.compile("([a-z_]+)(.*)", re.DOTALL)
_REFERENCES = re.compile(r"(?:[\s,;]*(?:turn\d+\w+|L?\d+(?:-L?\d+)?))+\s*")
_OLD_SOURCE = re.compile(
    r"【[^【】]{0,100}†[^【】]{0,100}】|:contentReference\[oaicite:[^\]\s]{0,40}\](?:\{index=\d+\})?"
)
_DOCUMENT = re.compile(r"^:{3,}writing\b[^\n]*\n(.*?)(?:^:{3,}[ \t]*(?:\n|\Z)|\Z)", re.MULTILINE | re.DOTALL)
"""A text that the page shows as a document."""


def as_shown(text: str) -> str:
    """The text as the page shows it: names and the words of links stay, sources and widgets go.

    >>> as_shown('in \ue200entity\ue202["city","Boston"]\ue201\ue200cite\ue202turn0search1\ue201.')
    'in Boston.'
    >>> as_shown("see \ue200url\ue202the site\ue202turn0search0\ue201")
    'see the site'
    """
    text = _MARK.sub(lambda mark: _words(mark[1]), text)
    text = _OLD_SOURCE.sub("", _STRAY.sub("", _SOURCE_LEFT_OPEN.sub("", text)))
    return _DOCUMENT.sub(r"\1", text)


def _words(mark: str) -> str:
    """The words that a mark shows; "" for a source or a widget."""
    kind = _KIND.fullmatch(mark)
    if kind is None:
        return ""
    field = kind[2].removeprefix("\ue202").split("\ue202")[0].strip()
    if kind[1].endswith("cite") or _REFERENCES.fullmatch(field):
        return ""
    try:
        value = json.loads(field.replace('\\"', '"'))  # escaped if the mark is inside JSON
    except (ValueError, RecursionError):
        return field
    if isinstance(value, list):
        words = [one for one in value if isinstance(one, str)]
        return next(iter(words[1:2] or words), "")
    if isinstance(value, dict):
        return text_of(value, "name") if kind[1].endswith("entity") else ""
    return field if isinstance(value, str | int | float) else ""
