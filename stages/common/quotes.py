"""Other quotation marks where JSON has plain ones: „ “, « », ‘ ’, ' ', around keys and texts.

A text in them may hold marks too: the apostrophe of “She’s married” ends nothing. So a mark counts only
where JSON has one: it opens behind a brace, bracket, comma or colon, and closes before one.
"""

import re
from collections.abc import Iterator

DOUBLE = '"“”„‟«»＂〝〞〟「」『』'
SINGLE = "'‘’‚‛‹›`´＇"
MARKS = DOUBLE + SINGLE

_OTHER = re.compile(f"[{MARKS[1:]}]")
_STEP = re.compile(rf"([{{}}])|(?<=[{{\[,:])\s*([{MARKS}])")
_PLAIN = re.compile(r'"(?:\\.|[^"\\])*+"(?=\s*(?:[,:}\]]|\Z))', re.DOTALL)
_KEY = rf"[{MARKS}][^{{}}:,\n]*[{MARKS}]\s*:|\w+\s*:"
_AFTER_KEY = r"(?=\s*:)"
_AFTER_VALUE = rf"(?=\s*(?:[}}\]]|\Z|,\s*(?:[}}\]]|\Z|{_KEY})))"
_AFTER_ITEM = rf"(?=\s*(?:\]|\Z|,\s*(?:\]|\Z|[{MARKS}{{\[])))"
_AFTER = {"{": _AFTER_KEY, ":": _AFTER_VALUE, "[": _AFTER_ITEM, ",": f"{_AFTER_KEY}|{_AFTER_ITEM}"}
"""What follows a key, a value, an item of a list, by what stands before it."""
_CLOSES = {
    (family, before): re.compile(rf"(?<!\\)[{family}](?:{after})")
    for family in (DOUBLE, SINGLE)
    for before, after in _AFTER.items()
}
_UNESCAPED = re.compile(r'(?<!\\)"')


def straightened(text: str) -> str:
    """The text with plain marks in the place of others; those within a key or text stay.

    >>> straightened('{„age“: 34, “note”: “It’s "fine"”}')
    '{"age": 34, "note": "It’s \\\\"fine\\\\""}'
    """
    parts, done = [], 0
    for begin, end in _strings(text):
        inner = text[begin + 1 : end - 1]
        inner = inner.strip() if text[begin] in "«»‹›" else inner  # set with blanks in French
        parts += [text[done:begin], '"', _UNESCAPED.sub(r"\\" + '"', inner), '"']
        done = end
    return "".join([*parts, text[done:]])


def masked(text: str) -> str:
    """`straightened` with every character at its place, to find where objects begin and end."""
    parts, done = [], 0
    for begin, end in _strings(text):
        parts += [text[done:begin], '"', _UNESCAPED.sub("'", text[begin + 1 : end - 1]), '"']
        done = end
    return "".join([*parts, text[done:]])


def _strings(text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each text or key of an object that does not have plain marks on both sides."""
    if not _OTHER.search(text):
        return
    depth = position = 0
    endless: set[tuple[str, str]] = set()
    while step := _STEP.search(text, position):
        position = step.end()
        if step[1]:
            depth = max(depth + (1 if step[1] == "{" else -1), 0)
            continue
        begin, before = step.start(2), text[step.start() - 1]
        if depth == 0:
            continue
        if plain := _PLAIN.match(text, begin):
            position = plain.end()
            continue
        kind = (DOUBLE if text[begin] in DOUBLE else SINGLE, before)
        closing = None if kind in endless else _CLOSES[kind].search(text, begin + 1)
        if closing is None:
            endless.add(kind)
            continue
        position = closing.end()
        if {text[begin], closing[0]} != {'"'}:
            yield begin, position
