"""How many texts use words of a category, beside the dataset's own rate."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from unicodedata import normalize

from stages.common.errors import UserError, mistakes
from stages.common.fields import get
from stages.common.params import read_yaml
from stages.common.records import Profile
from stages.evaluate.cells import Cell, Study
from stages.evaluate.intervals import Rate, rate
from stages.evaluate.rate_bands import Count, rate_band
from stages.evaluate.rows import NotComputed, Row
from stages.evaluate.words.tokens import tokens

LEXICON = Path("data/lexicon.yaml")
Lexicon: TypeAlias = Mapping[str, frozenset[str]]
"""Words by category."""


@dataclass(frozen=True)
class LexiconRow(Row):
    """lexicon.csv; n = texts."""

    field: str
    """Of role text."""
    category: str
    of: str
    """`generated` or `reference`."""
    n: int
    n_with: int
    """Texts with at least one of the words."""
    rate: Rate


def load_lexicon(path: Path = LEXICON) -> Lexicon:
    """Raises UserError: lists all that is no category with words of letters in lower case."""
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise UserError(f"{path}: it must have categories, each with a list of words")
    wrong = [
        f"{name}: {word!r}: not a word"
        + (" (quote it)" if isinstance(word, bool) else " of letters in lower case")
        for name, words in content.items()
        for word in (words if isinstance(words, list) else [words])
        if not isinstance(word, str) or tokens(word) != [normalize("NFC", word)]
    ]
    if wrong:
        raise mistakes(
            f"{path}: words that no text can have", wrong, "Write each word as `no` or 'no', letters only"
        )
    return {str(name): frozenset(normalize("NFC", word) for word in words) for name, words in content.items()}


def n_with_words(texts: Sequence[str], words: frozenset[str]) -> int:
    """Texts with at least one of the words; whole words only.

    >>> n_with_words(["A manager.", "A man, alone."], frozenset({"man"}))
    1
    """
    return sum(not words.isdisjoint(tokens(text)) for text in texts)


def lexicon(cell: Cell, study: Study) -> Iterator[Row]:
    """Every category in every text field, of the cell and of its reference."""
    for field in study.schema.by_role("text"):
        generated = _texts(cell.profiles, field.path)
        if not generated:
            yield NotComputed(*cell.key, "lexicon", field.path, "no profile has the text")
        texts = {"generated": generated, "reference": _texts(cell.reference.profiles, field.path)}
        counts = {of: _counts(study.lexicon, found) for of, found in texts.items()}
        for of, by_category in counts.items():
            for category, found in by_category.items():
                share = rate(found.k, found.n, study.params.confidence)
                yield LexiconRow(*cell.key, field.path, category, of, found.n, found.k, share)
        for category in study.lexicon if all(counts.values()) else ():
            sides = counts["generated"][category], counts["reference"][category]
            what = "lexicon", field.path, category
            yield rate_band(cell.key, what, *sides, study.params.confidence)


def _counts(words_by_category: Lexicon, texts: Sequence[str]) -> dict[str, Count]:
    """By category, the texts with its words; nothing of no texts."""
    categories = words_by_category.items() if texts else ()
    return {name: Count(n_with_words(texts, words), len(texts)) for name, words in categories}


def _texts(profiles: Sequence[Profile], path: str) -> list[str]:
    return [text for profile in profiles if isinstance(text := get(profile, path), str)]
