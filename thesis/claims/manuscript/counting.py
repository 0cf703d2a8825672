"""Which numbers of a manuscript the claims bind."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from thesis.claims.manifest import Elsewhere
from thesis.claims.manuscript.numbers import Number, numbers_in
from thesis.claims.slots import filled, names_in, spread, with_any_numbers

Span = tuple[int, int]
WORDS_AROUND = 30
"""Characters of the text shown on both sides of a number."""


@dataclass(frozen=True)
class Unbound:
    """A number that no claim binds."""

    line: int
    text: str
    context: str
    alike: list[str]
    """Claims that print the same digits. Whether the number is theirs, a person must say."""


@dataclass(frozen=True)
class OldSentence:
    """A sentence of claims.yaml that the manuscript has with other numbers."""

    line: int
    claim: str
    found: str
    expected: str


@dataclass(frozen=True)
class Counted:
    """What the numbers of a manuscript come to."""

    n_bound: int
    n_elsewhere: int
    unbound: list[Unbound]
    old: list[OldSentence]
    absent: list[str]
    """Claims that the manuscript prints nowhere."""
    aside: dict[str, int] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        return not self.unbound and not self.old


def count_numbers(
    text: str,
    sentences: Sequence[tuple[str, str]],
    printed: Mapping[str, str],
    elsewhere: Sequence[Elsewhere] = (),
    macros: Sequence[str] = (),
) -> Counted:
    r"""Sort the numbers of a running text.

    Args:
        sentences: with slots, each with the name of its claim or page.
        printed: what each claim prints.
        macros: names of the claims that \claim prints.
    """
    numbers, aside = numbers_in(text)
    whole = {sentence: _spans(text, filled(sentence, printed)) for _, sentence in sentences}
    bound = [span for spans in whole.values() for span in spans]
    old = [*_old(text, sentences, printed)]
    other = [span for one in elsewhere for span in _spans(text, one.text)]
    beside = [one for one in numbers if not _within(one, bound)]
    free = [one for one in beside if not _within(one, [*other, *(span for span, _ in old)])]
    told = {*macros} | {name for sentence, spans in whole.items() if spans for name in names_in(sentence)}
    return Counted(
        len(numbers) - len(beside) + len(macros),
        sum(_within(one, other) for one in beside),
        [_unbound(one, text, printed) for one in free],
        [OldSentence(_line(text, span[0]), *words) for span, words in old],
        [name for name in printed if name not in told],
        aside,
    )


def _spans(text: str, words: str) -> list[Span]:
    return [match.span() for match in re.finditer(spread(words), text)]


def _within(number: Number, spans: Sequence[Span]) -> bool:
    return any(start <= number.start and number.end <= end for start, end in spans)


def _old(
    text: str, sentences: Sequence[tuple[str, str]], printed: Mapping[str, str]
) -> Iterator[tuple[Span, tuple[str, str, str]]]:
    """Each sentence with other numbers: its place; the claim or page, what stands there, what should."""
    for name, sentence in sentences:
        expected = " ".join(filled(sentence, printed).split())
        for match in with_any_numbers(sentence).finditer(text):
            found = " ".join(match[0].split())
            if found != expected:
                yield match.span(), (name, found, expected)


def _unbound(number: Number, text: str, printed: Mapping[str, str]) -> Unbound:
    around = text[max(0, number.start - WORDS_AROUND) : number.end + WORDS_AROUND]
    digits = _bare(number.text)
    tells = len(re.findall(r"\d", digits)) > 1 or "%" in digits
    alike = [name for name, shown in printed.items() if tells and _bare(shown) == digits]
    return Unbound(_line(text, number.start), " ".join(number.text.split()), " ".join(around.split()), alike)


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _bare(number: str) -> str:
    """A number without blanks, with one kind of minus and no leading zero.

    >>> _bare("-0.61"), _bare("10.5 %")
    ('−.61', '10.5%')
    """
    return re.sub(r"(?<!\d)0\.", ".", re.sub(r"\s", "", number).replace("-", "−"))
