"""Which prompt and condition a typed text is: exactly, or nearly."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from rapidfuzz.distance import Indel

from stages.collect.pasting import text_to_paste
from stages.common.prompts import AskedPrompt
from stages.common.records import ArmCondition, Condition, Profile
from stages.common.schema import ProfileSchema
from thesis.importing.attached import canonical, is_of_another
from thesis.importing.turns import Turn

CONDITIONS: tuple[ArmCondition, ...] = ("none", "original", "augmented")
NEAR = 90.0
"""Of 100, rapidfuzz's ratio. The default study's prompts with other quotes, a slip or a greeting of 70
characters score 95 to 99.9; other questions about the same fields scored below 77."""
_WORD = re.compile(r"\w+(?:[.-]\w+)*")


@dataclass(frozen=True)
class Expected:
    """A text of the study."""

    prompt_id: str
    condition: ArmCondition
    text: str
    """Normalised."""
    people: frozenset[str] = frozenset()
    """Those of the file to attach, if they are known."""


@dataclass(frozen=True)
class Match:
    expected: Expected
    score: float
    """100 is the same text, but for white space."""
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
    people: dict[ArmCondition, frozenset[str]] = {
        condition: frozenset(map(canonical, profiles)) for condition, profiles in excerpts.items()
    }
    return [
        Expected(
            prompt.id,
            condition,
            normalised(text_to_paste(prompt, condition, schema, n_records)),
            people.get(condition, frozenset()),
        )
        for prompt in prompts
        for condition in CONDITIONS
    ]


def normalised(text: str) -> str:
    """NFC, and one blank for any white space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def recognise(turn: Turn, expected: Sequence[Expected]) -> Match | Problem | None:
    """The text of the study that was typed; None if it was another one."""
    longest = max(len(one.text) for one in expected)
    # What is much longer than any prompt is none, whatever stands in it; that spares the comparison.
    texts = [(text, normalised(text)) for text in turn.asked if len(text) <= 4 * longest]
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
    """Whether the text has every word that tells `best` from `other`, and is nearer to it for them.

    The score alone says little of that: with "employed" for "unemployed" it is above 99.
    """
    nearer = 2 * (Indel.distance(text, other) - Indel.distance(text, best)) > Indel.distance(best, other)
    return nearer and _words(best) - _words(other) <= _words(text)


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.casefold()))
