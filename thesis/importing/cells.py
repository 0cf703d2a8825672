"""The rows of the table, and the words in which a near text differs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from stages.common.records import ArmCondition
from thesis.importing.findings import Findings
from thesis.importing.recognising import Expected, Match


@dataclass(frozen=True)
class Cell:
    """A row of the table: what was found of a prompt in a condition."""

    prompt_id: str
    condition: ArmCondition
    exact: int
    near: tuple[float, ...]
    """Scores."""
    known: int
    new: int


def cells(found: Findings, expected: Sequence[Expected], exact_only: bool) -> list[Cell]:
    """One for each prompt and condition, in the order of data/prompts.yaml."""
    new = Counter(
        (one.match.expected.prompt_id, one.match.expected.condition) for one in found.new(exact_only)
    )
    return [_cell(one, found, new[one.prompt_id, one.condition]) for one in expected]


def _cell(one: Expected, found: Findings, new: int) -> Cell:
    here = [answer for answer in found.answers if answer.match.expected == one]
    near = sorted(answer.match.score for answer in here if not answer.match.exact)
    n_known = sum(answer.known for answer in here)
    return Cell(one.prompt_id, one.condition, len(here) - len(near), tuple(near), n_known, new)


def differences(match: Match, limit: int = 12) -> str:
    """The words in which a near text differs, as "-expected +typed"; control characters left out."""
    expected, typed = match.expected.text.split(), match.typed.split()
    words: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, expected, typed, autojunk=False).get_opcodes():
        if kind != "equal":
            words += [f"-{word}" for word in expected[a:b]] + [f"+{word}" for word in typed[c:d]]
    shown = " ".join(words[:limit]) + (" …" if len(words) > limit else "")
    return "".join(character for character in shown if character.isprintable())
