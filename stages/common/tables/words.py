"""Which words stand out."""

from dataclasses import dataclass

from stages.common.tables.base import Rate, ReadRow, Row


@dataclass(frozen=True, kw_only=True)
class MarkedWordRow(Row, independent=()):
    """marked_words.csv: the words with the largest |z| of every comparison, and all marked ones."""

    field: str
    """A field of role text."""
    target: str
    """An arm, `generated`, or a level of a protected field."""
    reference: str
    """An arm, `dataset`, or `rest`."""
    n_target: int
    """Texts."""
    n_reference: int
    word: str
    n_word_target: int
    """How often the word stands there."""
    n_word_reference: int
    z: float
    """Above 0: more in the target."""
    threshold: float
    """Chance passes it with any word of any comparison in at most 1 - evaluate.confidence of cases."""
    n_comparisons: int
    """Adjusted together: each is passed in (1 - evaluate.confidence) / n_comparisons of permutations."""
    marked: bool
    """No marked word does not mean no bias: few texts mark few words."""

    @property
    def comparison(self) -> tuple[str, ...]:
        return self.arm, self.prompt, self.field, self.target, self.reference


@dataclass(frozen=True, kw_only=True)
class LexiconRow(ReadRow, independent=()):
    """lexicon.csv; n = texts."""

    field: str
    """A field of role text."""
    category: str
    of: str
    """`generated` or `reference`."""
    n: int
    n_with: int
    """Texts with at least one of the words."""
    rate: Rate
