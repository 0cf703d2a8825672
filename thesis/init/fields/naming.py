"""The words in the names of fields, and ids made from names."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from stages.common.params import read_yaml

PROTECTED = Path(__file__).with_name("protected.yaml")
PEOPLE = Path(__file__).with_name("people.yaml")

_PAIRS = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "ß": "ss",
        "ı": "i",
        "ł": "l",
        "ø": "o",
        "æ": "ae",
    }
)
LONGEST = 40
"""Characters of an id."""


def plain(text: str) -> str:
    """The text in unaccented letters; German umlauts become two letters.

    >>> plain("Größe, âge")
    'Groesse, age'
    """
    composed = unicodedata.normalize("NFC", text).translate(_PAIRS)
    return "".join(c for c in unicodedata.normalize("NFKD", composed) if not unicodedata.combining(c))


def words(name: str) -> list[str]:
    """The words of a field's name in lower case.

    >>> words("person.AgeGroup_älter2")
    ['person', 'age', 'group', 'aelter']
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain(name))
    return [word.casefold() for word in re.findall(r"[^\W\d_]+", apart)]


@lru_cache
def vocabulary(*kinds: str) -> frozenset[str]:
    """The words of people.yaml of some kinds."""
    found = read_yaml(PEOPLE)
    return frozenset(word for kind in kinds for word in found[kind])


def slugs(names: Iterable[str]) -> list[str]:
    """Distinct ids of lower-case letters and digits.

    >>> slugs(["Straße in Köln", "a.b", "a b", "東京"])
    ['strasse-in-koeln', 'a-b', 'a-b-2', 'field']
    """
    found: list[str] = []
    for name in names:
        bare = re.sub(r"[^a-z0-9]+", "-", plain(name).casefold())[:LONGEST].strip("-") or "field"
        taken = sum(re.fullmatch(rf"{bare}(-\d+)?", one) is not None for one in found)
        found.append(f"{bare}-{taken + 1}" if taken else bare)
    return found


def named_protected(path: str) -> str | None:
    """The word of protected.yaml that is in the field's name; None if there is none."""
    name = f" {' '.join(words(path))} "
    for word in _protected_words():
        if f" {word} " in name or (len(word) >= 7 and f" {word}" in name):
            return word
    return None


@lru_cache(maxsize=1)
def _protected_words() -> tuple[str, ...]:
    """Longest first, so that `age group` is found before `age`."""
    found = {str(word) for of_language in read_yaml(PROTECTED).values() for word in of_language}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


def is_personal_name(path: str) -> bool:
    """Whether the field's name says that it holds people's names.

    >>> is_personal_name("firstName"), is_personal_name("home.kind")
    (True, False)
    """
    return bool(vocabulary("personal") & {*words(path.rpartition(".")[2])})
