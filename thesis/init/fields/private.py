"""Fields that may identify a person, found by their names, by patterns and by uniqueness."""

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from stages.common.params import read_yaml
from stages.common.records import CONDITIONS
from thesis.init.fields.naming import vocabulary, words
from thesis.init.records.seen import Seen

WORDS = Path(__file__).with_name("private.yaml")
UNLIKE, NEARLY_ALL = 0.5, 0.8
"""Share of distinct values from which they hardly repeat; share of values that must match a pattern."""
UNLIKE_NUMBERS = "number that hardly repeats"
LARGE = 10**8
"""Whole numbers from which values that hardly repeat are ids."""
LEVELS = 20
"""Distinct values up to which those that repeat are levels, whatever the field's name."""
WHOLE = [["name"], ["names"], ["telecom"], ["identifier"], ["identifiers"]]
"""Names of objects, or lists of them, that hold nothing but private data."""
FEWEST_NAMES = 10
_NAME = re.compile(
    r"(?:(?:Dr|Prof|Mr|Mrs|Ms)\.? )?[A-ZÀ-Þ][\w'’-]+(?: (?:[A-Z]\.|von|van|de|da|di|del|al|bin))*"
    r"(?: [A-ZÀ-Þ][\w'’-]+){1,2}"
)
_CARD = re.compile(r"\d(?:[ -]?\d){12,18}")
_STREET = re.compile(
    r"\d+\w?,? [A-ZÀ-Þ].*\b(st|street|ave|avenue|rd|road|lane|ln|drive|dr|blvd|way|court|place)\b.*"
    r"|.*(straße|strasse|str\.|gasse|weg|allee|platz) \d+.*|\d+,? (rue|avenue|calle|via) .+",
    re.IGNORECASE,
)


def private(seen: Seen, kept: Iterable[str] = ()) -> dict[str, str]:
    """What each private place holds, by path (`telecom[].value`); objects with nothing else as a whole."""
    found = {path: what for path, place in seen.plain().items() if (what := _what(path, place))}
    mine = [*kept]
    found = {path: what for path, what in found.items() if not any(is_in(path, one) for one in mine)}
    return _whole(found, mine)


def _whole(found: Mapping[str, str], kept: Iterable[str]) -> dict[str, str]:
    shorter = {}
    for path, what in found.items():
        steps = path.split(".")
        outer = [".".join(steps[: i + 1]) for i in range(len(steps))]
        named = [one.rstrip("[]") for one, step in zip(outer, steps, strict=True) if words(step) in WHOLE]
        free = [one for one in named if not any(is_in(keep, one) for keep in kept)]
        shorter[free[0] if free else path] = what
    return shorter


def is_in(path: str, outer: str) -> bool:
    """Whether a place is `outer` or within it."""
    return path == outer or path.startswith((f"{outer}.", f"{outer}["))


def _what(path: str, seen: Seen) -> str | None:
    """What a place holds that may identify a person; None if nothing."""
    if seen.types - {"string", "integer"}:
        return None
    if what := _by_name(path, seen):
        return what
    if seen.types == {"string"}:
        return _by_pattern(seen) or ("name" if not _of_thing(path) and _are_personal_names(seen) else None)
    large = all(isinstance(value, int) and value >= LARGE for _, value in seen.all_scalars)
    return UNLIKE_NUMBERS if large and hardly_repeats(seen, 0.9) else None


def _by_name(path: str, seen: Seen) -> str | None:
    *_, last = path.replace("[]", "").split(".")
    ends = f" {' '.join(words(path))} "
    within = ends if {*words(last)} <= vocabulary("bare") else f" {' '.join(words(last))} "
    is_thing = _of_thing(path)
    for what, of in _names().items():
        anywhere = any(f" {one} " in within for one in of.get("anywhere", ()))
        if any(part in last for part in of.get("parts", ())) or (anywhere and not _has_levels(seen)):
            return what
        if is_thing and what == "name":
            continue
        if "string" in seen.types and any(ends.endswith(f" {one} ") for one in of.get("end", ())):
            return what
        if any(ends.endswith(f" {one} ") for one in of.get("unlike", ())) and hardly_repeats(seen, UNLIKE):
            return what
    return None


def _of_thing(path: str) -> bool:
    """Whether a field, or its object, is named like a thing that has a name but is not a person."""
    near = path.replace("[]", "").split(".")[-2:]
    return bool(vocabulary("thing", "group") & {word for one in near for word in words(one)})


def _are_personal_names(seen: Seen) -> bool:
    """Whether nearly all are two or three capitalized words that hardly repeat, like people's names."""
    texts = seen.texts()
    fits = sum(bool(_NAME.fullmatch(text)) for text in texts)
    return len(texts) >= FEWEST_NAMES and fits >= 0.95 * len(texts) and hardly_repeats(seen)


def _by_pattern(seen: Seen) -> str | None:
    texts = seen.texts()
    if not hardly_repeats(seen, UNLIKE):
        return None
    for what, fits in _PATTERNS.items():
        if sum(map(fits, texts)) >= NEARLY_ALL * len(texts):
            return what
    return None


def hardly_repeats(seen: Seen, share: float = 0.9) -> bool:
    """Whether values hardly repeat in each file that has the place."""
    counters = [seen.scalars[c] for c in CONDITIONS if seen.scalars[c]]
    return all(len(counter) >= share * counter.total() for counter in counters)


def _has_levels(seen: Seen) -> bool:
    return len(seen.all_scalars) <= LEVELS and not hardly_repeats(seen, UNLIKE)


def _is_ip(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def _is_card(text: str) -> bool:
    """Whether the digits end with Luhn's check digit."""
    digits = [int(one) for one in re.sub(r"\D", "", text)]
    doubled = [d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(reversed(digits))]
    return bool(_CARD.fullmatch(text)) and sum(doubled) % 10 == 0


def _is_iban(text: str) -> bool:
    """Whether the check digits are right (ISO 13616)."""
    bare = text.replace(" ", "").upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", bare):
        return False
    return int("".join(str(int(c, 36)) for c in bare[4:] + bare[:4])) % 97 == 1


def _is_phone(text: str) -> bool:
    """Whether it is written like a phone number: with a plus, brackets, a leading zero, or three groups."""
    plain = re.fullmatch(r"\+?[\d\s().\-/x]{7,22}", text)
    date = re.fullmatch(r"\d{1,4}([-./])\d{1,2}\1\d{1,4}", text)
    return bool(plain and not date) and bool(
        re.match(r"\+|\(|00?[1-9]", text) or re.fullmatch(r"(1[-. ])?\d{3}[-. ]\d{3}[-. ]\d{4}", text)
    )


def _is_digits(text: str) -> bool:
    """Whether it is nine digits or more, or seven that begin with zero: not a number."""
    return bool(re.fullmatch(r"\d{9,}|0\d{6,}", text))


_PATTERNS: dict[str, Callable[[str], bool]] = {
    "address of mail": lambda text: bool(re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", text)),
    "page or account on the web": lambda text: bool(re.fullmatch(r"https?://\S+|www\.\S+", text)),
    "number of a document or record": lambda text: (
        bool(re.fullmatch(r"\d{3}-\d{2}-\d{4}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text.lower()))
        or _is_ip(text)
        or _is_iban(text)
        or _is_card(text)
    ),
    "telephone": _is_phone,
    UNLIKE_NUMBERS: _is_digits,
    "postal address": lambda text: bool(_STREET.fullmatch(text)),
}


@lru_cache(maxsize=1)
def _names() -> Mapping[str, Mapping[str, list[str]]]:
    found: Mapping[str, Mapping[str, list[str]]] = read_yaml(WORDS)
    return found
