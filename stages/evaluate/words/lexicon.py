"""How many texts use words of a category, beside the dataset's own rate."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias
from unicodedata import normalize

from stages.common.fields import get
from stages.common.params import read_yaml
from stages.common.records import Profile
from stages.common.tables.base import NotComputed, Row
from stages.common.tables.words import LexiconRow
from stages.evaluate.cells import Cell, Study
from stages.evaluate.intervals.rates import Tally
from stages.evaluate.words.tokens import tokens
from stages.shell.errors import UserError, mistakes

LEXICON = Path("data/lexicon.yaml")
Lexicon: TypeAlias = Mapping[str, frozenset[str]]
"""Words by category."""


def load_lexicon(path: Path = LEXICON) -> Lexicon:
    """Load the words of each category.

    Raises:
        UserError: lists all that is no category with words of letters in lower case.
    """
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise UserError(
            f"{path}: is no mapping; it must have categories, each with a list of words\n"
            "Write each as category: [word, word]"
        )
    wrong = [
        f"{name}: {word!r}: not a word of letters in lower case"
        for name, words in content.items()
        for word in (words if isinstance(words, list) else [words])
        if not isinstance(word, str) or tokens(word) != [normalize("NFC", word)]
    ]
    if wrong:
        raise mistakes(
            f"{path}: words that no text can have", wrong, "Write each word in lower case, letters only"
        )
    return {str(name): frozenset(normalize("NFC", word) for word in words) for name, words in content.items()}


def has_words(text: str, words: frozenset[str]) -> bool:
    """Whether a text has at least one of the words; whole words only.

    >>> has_words("A manager.", frozenset({"man"})), has_words("A man, alone.", frozenset({"man"}))
    (False, True)
    """
    return not words.isdisjoint(tokens(text))


def lexicon(cell: Cell, study: Study) -> Iterator[Row]:
    """Every category in every text field, of the cell and of its reference."""
    for field in study.schema.by_role("text"):
        generated = _texts(cell.profiles, field.path, cell.parsed_units)
        if not generated:
            reason = "no profile has the text"
            yield NotComputed(**cell.where, table="lexicon", field=field.path, reason=reason)
        people = cell.reference.profiles
        texts = {"generated": generated, "reference": _texts(people, field.path, range(len(people)))}
        counts = {of: _counts(study.lexicon, found) for of, found in texts.items()}
        for of, by_category in counts.items():
            for category, found in by_category.items():
                share = found.rate(study.params.confidence)
                yield LexiconRow(
                    **cell.where,
                    field=field.path,
                    category=category,
                    of=of,
                    n=found.n,
                    n_with=found.k,
                    rate=share,
                )


def _counts(words_by_category: Lexicon, found: Sequence[tuple[str, Hashable]]) -> dict[str, Tally]:
    """Which texts have words of each category, by category; {} without texts."""
    categories = words_by_category.items() if found else ()
    texts, units = [text for text, _ in found], [unit for _, unit in found]
    return {name: Tally([has_words(text, words) for text in texts], units) for name, words in categories}


def _texts(profiles: Sequence[Profile], path: str, units: Sequence[Hashable]) -> list[tuple[str, Hashable]]:
    """The texts of profiles, each with its unit."""
    found = ((get(profile, path), unit) for profile, unit in zip(profiles, units, strict=True))
    return [(text, unit) for text, unit in found if isinstance(text, str)]
