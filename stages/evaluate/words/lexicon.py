"""How many texts use words of a category, beside the dataset's own rate."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias
from unicodedata import normalize

from stages.common.fields import get
from stages.common.params import read_yaml
from stages.common.tables.base import Row
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
    people = cell.reference.profiles
    sides = (("generated", cell.profiles, cell.parsed_units), ("reference", people, range(len(people))))
    for field in study.schema.by_role("text"):
        for of, profiles, units in sides:
            texts = [
                (text, unit)
                for profile, unit in zip(profiles, units, strict=True)
                if isinstance(text := get(profile, field.path), str)
            ]
            if not texts and of == "generated":
                yield cell.left_out("lexicon", "no profile has the text", field.path)
            for category, words in study.lexicon.items() if texts else ():
                found = Tally([has_words(text, words) for text, _ in texts], [unit for _, unit in texts])
                yield LexiconRow(
                    **cell.where,
                    field=field.path,
                    category=category,
                    of=of,
                    n=found.n,
                    n_with=found.k,
                    rate=found.rate(study.params.confidence),
                )
