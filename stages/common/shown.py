"""Text of others made fit to be shown: without characters that act on a reader, and not too long.

Models, chat pages, exports and file names can hold what clears a terminal, turns a line around or fills a
page. Files for machines keep it exactly; whatever a person reads goes through here.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

MAX_SHOWN, MAX_LISTED = 300, 20
"""Number of characters of one value, and of values of one list."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_UNSEEN = re.compile("[\ud800-\udfff\x80-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """The text with marks in place of control and direction characters; line ends and tabs stay.

    >>> visible("a\\x00b\\r\\n\\u202ec")
    'a␀b␍\\n�c'
    """
    return _UNSEEN.sub("\ufffd", _CONTROL.sub(_picture, text))


def on_one_line(text: str) -> str:
    r"""`visible` on one line, for what must not start a line, such as a file's name.

    >>> on_one_line("01.md\n\x1b[2J")
    '01.md␊␛[2J'
    """
    return visible(text).replace("\n", "␊").replace("\t", "␉")


def json_shown(value: Any) -> str:
    r"""JSON for a person and for a script, with control and direction characters escaped.

    >>> json_shown({"a": "\x9b2J\u202e\x7f"})
    '{\n  "a": "\\u009b2J\\u202e\\u007f"\n}'
    """
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return _UNSEEN.sub(_escape, text).replace("\x7f", r"\u007f")


def brief(text: str, longest: int = MAX_SHOWN) -> str:
    """The text, or its beginning and its length.

    >>> brief("x" * 5000, 3)
    'xxx… (5,000 characters)'
    """
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text):,} characters)"


def listed(items: Iterable[str], most: int = MAX_LISTED) -> str:
    """The first of many values, each brief, and how many more there are.

    >>> listed(["a", "b", "c"], 2)
    'a, b, … and 1 more'
    """
    found = [*items]
    more = [f"… and {len(found) - most:,} more"] if len(found) > most else []
    return ", ".join([*(brief(one) for one in found[:most]), *more])


def in_template(value: Any) -> Any:
    """What a template prints: text is made visible, unless it is marked as safe HTML."""
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _picture(match: re.Match[str]) -> str:
    return "␡" if match[0] == "\x7f" else chr(0x2400 + ord(match[0]))
