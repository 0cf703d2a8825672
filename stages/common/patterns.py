"""Regular expressions that people write into the schema: what `re` finds, but never for long.

A pattern such as `(a+)+b` can try more ways than there are seconds (catastrophic backtracking),
and `re` cannot be stopped. `regex` reads the same patterns and takes a timeout.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import regex  # type: ignore[import-untyped]
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from stages.shell.errors import UserError

SECONDS = 2.0
"""Time for one text; an ordinary pattern takes microseconds."""
MAX_SHOWN = 60
MAX_PARTS = 1_000_000
"""Parts of a pattern with its repeats written out, as `regex` does: with 10^9 it took all memory."""
_OF_REGEX_ALONE = re.compile(
    r"(?P<same>\\N\{[^}]*\}|\\.)|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*+\])|\{(?!(?:\d+(?:,\d*)?|,\d*)\})",
    re.DOTALL,
)
"""Characters that say themselves to `re`, and something of its own to `regex`: `x{e}`, `[[:alpha:]]`."""


class TooSlow(UserError):
    """A pattern that found no end on one text."""

    def __init__(self, pattern: str, text: str, place: str = "") -> None:
        self.pattern, self.text, self.place = pattern, text, place
        shown = text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
        where = place.removesuffix(": ") or "the schema"
        super().__init__(
            f"{where}: the pattern {pattern!r} was stopped after {SECONDS:g} seconds"
            f"\nIts text ({len(text):,} characters): {shown!r}"
            "\nA repeat inside a repeat, as in (a+)+, tries every way to part a text: rewrite the pattern in "
            "the schema, for example as a+"
        )


@contextmanager
def within(place: str) -> Iterator[None]:
    """Names where a pattern stands that was too slow: a field, a rule."""
    try:
        yield
    except TooSlow as slow:
        joined = place if place.endswith(" ") or not slow.place else f"{place}."
        raise TooSlow(slow.pattern, slow.text, joined + slow.place) from None


@dataclass(frozen=True)
class Pattern:
    """A regular expression, as it was written and as it is looked for."""

    written: str
    expression: Any

    def search(self, text: str) -> bool:
        """Whether it is in a text; TooSlow if that takes too long."""
        return bool(self._timed(self.expression.search, text))

    def findall(self, text: str) -> list[Any]:
        """The matches in a text, in its order; TooSlow if that takes too long."""
        return self._timed(lambda text, **timeout: [*self.expression.finditer(text, **timeout)], text) or []

    def _timed(self, look: Callable[..., Any], text: str) -> Any:
        try:
            return look(text, timeout=SECONDS)
        except TimeoutError:
            raise TooSlow(self.written, text) from None


@lru_cache(maxsize=256)
def compiled(pattern: str, around: str = "{}", flags: int = 0) -> Pattern:
    """A pattern for texts that may be anything; `around` is what is set around it.

    >>> compiled("x{e}").search("x"), compiled("x{e}").search("x{e}")
    (False, True)

    Raises:
        re.error: if `re` cannot read it; what `regex` has beyond `re` is refused.
    """
    re.compile(around.format(pattern), flags)
    ignoring = regex.IGNORECASE if flags & re.IGNORECASE else 0
    return Pattern(pattern, regex.compile(around.format(_OF_REGEX_ALONE.sub(_plain, pattern)), ignoring))


def too_large(pattern: str) -> bool:
    """Whether a pattern cannot be compiled for its nested counts or its depth.

    >>> too_large("(?:a{500}){500}"), too_large("(?:(?:a{500}){500}){500}")
    (False, True)
    """
    try:
        return _n_parts(parser.parse(pattern)) > MAX_PARTS
    except RecursionError:
        return True
    except (re.error, OverflowError):  # no pattern at all, which is said elsewhere
        return False


def _n_parts(part: Any) -> int:
    """Number of parts of a parsed pattern, each as often as it is at least repeated."""
    if not isinstance(part, parser.SubPattern | list | tuple):
        return 1
    if len(part) == 3 and isinstance(part[2], parser.SubPattern) and isinstance(part[0], int):
        return max(part[0], 1) * _n_parts(part[2])  # least count, greatest count, what is repeated
    return sum(map(_n_parts, part))


def _plain(found: re.Match[str]) -> str:
    if found["same"] or not found["set"]:
        return found["same"] or r"\{"
    return "[" + re.sub(r"(\\.)|\[", lambda m: m[1] or r"\[", found["set"][1:], flags=re.DOTALL)


def _pattern(validator: Any, pattern: str, instance: Any, _: Any) -> Iterator[ValidationError]:
    if validator.is_type(instance, "string") and not compiled(pattern).search(instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _properties(validator: Any, properties: Any, instance: Any, _: Any) -> Iterator[ValidationError]:
    for key in properties if validator.is_type(instance, "object") else ():
        if key in instance:
            with within(key):
                yield from validator.descend(instance[key], properties[key], path=key, schema_path=key)


def _pattern_properties(validator: Any, patterns: Any, instance: Any, _: Any) -> Iterator[ValidationError]:
    for pattern, part in patterns.items() if validator.is_type(instance, "object") else ():
        for key in filter(compiled(pattern).search, instance):
            yield from validator.descend(instance[key], part, path=key, schema_path=pattern)


def _additional(validator: Any, part: Any, instance: Any, node: Mapping[str, Any]) -> Any:
    patterns = node.get("patternProperties", {})
    if patterns and validator.is_type(instance, "object"):
        found = [compiled(pattern) for pattern in patterns]
        instance = {key: value for key, value in instance.items() if not any(p.search(key) for p in found)}
        node = {key: value for key, value in node.items() if key != "patternProperties"}
    return Draft202012Validator.VALIDATORS["additionalProperties"](validator, part, instance, node)


Validator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {
        "pattern": _pattern,
        "properties": _properties,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional,
    },
)
"""JSON Schema 2020-12, with patterns that end."""
