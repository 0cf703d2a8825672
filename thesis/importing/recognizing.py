"""The study's text that was typed: exactly, or nearly."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from rapidfuzz.distance import Indel

from stages.collect.pasting import text_to_paste
from stages.common.fields import canonical
from stages.common.prompts import AskedPrompt
from stages.common.records import CONDITIONS, ArmCondition, Condition, Profile
from stages.common.schema import ProfileSchema
from thesis.importing.attached import is_of_another
from thesis.importing.turns import Turn

ASKED_CONDITIONS: tuple[ArmCondition, ...] = ("none", *CONDITIONS)
NEAR = 90.0
"""Lowest score of a near text, of 100. The default study's prompts with other quotes, a slip or a greeting
of 70 characters score 95 to 99.9; other questions about the same fields score below 77."""
_WORD = re.compile(r"\w+(?:[.-]\w+)*")


@dataclass(frozen=True)
class Expected:
    """A text of the study."""

    prompt_id: str
    condition: ArmCondition
    text: str
    """Normalized."""
    people: frozenset[str] = frozenset()
    """The people in the file to attach, as canonical JSON, if they are known."""


@dataclass(frozen=True)
class Match:
    """A text of the study, and how near to it the user typed."""

    expected: Expected
    score: float
    """100 if only white space differs."""
    typed: str

    @property
    def exact(self) -> bool:
        return self.score == 100.0


Problem: TypeAlias = Literal["ambiguous", "other file attached"]


def expected_texts(
    prompts: Sequence[AskedPrompt],
    schema: ProfileSchema,
    n_records: int,
    excerpts: Mapping[Condition, Sequence[Profile]] = MappingProxyType({}),
) -> list[Expected]:
    """The text of each prompt in each condition."""
    people: dict[ArmCondition, frozenset[str]] = {
        condition: frozenset(map(canonical, profiles)) for condition, profiles in excerpts.items()
    }
    return [
        Expected(
            prompt.id,
            condition,
            normalized(text_to_paste(prompt, condition, schema, n_records)),
            people.get(condition, frozenset()),
        )
        for prompt in prompts
        for condition in ASKED_CONDITIONS
    ]


def normalized(text: str) -> str:
    """The text in NFC, with one blank for any white space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def recognize(turn: Turn, expected: Sequence[Expected]) -> Match | Problem | None:
    """The text of the study that was typed; None if it was another one."""
    longest = max(len(one.text) for one in expected)
    # A text much longer than any prompt is no prompt. Leaving it out saves the slow comparison.
    texts = [(text, normalized(text)) for text in turn.asked if len(text) <= 4 * longest]
    found = _exact(texts, expected) or _near(texts, expected)
    if isinstance(found, Match):
        people = {one.condition: one.people for one in expected if one.people}
        if is_of_another(turn.attached, turn.asked, found.expected.condition, people):
            return "other file attached"
    return found


def _exact(texts: Sequence[tuple[str, str]], expected: Sequence[Expected]) -> Match | Problem | None:
    found = [Match(one, 100.0, raw) for raw, text in texts for one in expected if text == one.text]
    if len({match.expected for match in found}) > 1:
        return "ambiguous"  # two prompts have the same text
    return found[0] if found else None


def _near(texts: Sequence[tuple[str, str]], expected: Sequence[Expected]) -> Match | Problem | None:
    scored = [
        (100 * Indel.normalized_similarity(text, one.text, score_cutoff=NEAR / 100), raw, text, one)
        for raw, text in texts
        for one in expected
    ]
    score, raw, text, best = max(scored, key=lambda found: found[0], default=(0.0, "", "", expected[0]))
    if score < NEAR:
        return None
    clear = all(_is_clear(text, best.text, other.text) for other in expected if other != best)
    return Match(best, min(score, 99.9), raw) if clear else "ambiguous"


def _is_clear(text: str, best: str, other: str) -> bool:
    """Whether the text has every word that tells `best` from `other`, and is nearer to `best` for them.

    The score alone does not say so: with "employed" for "unemployed" it is above 99.
    """
    nearer = 2 * (Indel.distance(text, other) - Indel.distance(text, best)) > Indel.distance(best, other)
    return nearer and _words(best) - _words(other) <= _words(text)


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.casefold()))
