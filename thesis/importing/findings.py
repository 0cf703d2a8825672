"""What an export holds of the study; of everything else, a count."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from stages.common.records import ArmCondition
from thesis.importing.attached import names_file
from thesis.importing.known import Known
from thesis.importing.recognising import Expected, Match, recognise
from thesis.importing.turns import Named, Turn, Unread


@dataclass(frozen=True)
class Answer:
    """An answer to a prompt of the study."""

    turn: Turn
    text: str
    match: Match
    known: bool
    """It was imported before, or pasted by hand."""


@dataclass
class Findings:
    """Everything that is said of an export."""

    answers: list[Answer] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    """What is not taken, by reason: answers, messages, and what could not be read."""
    conversations: set[str] = field(default_factory=set)
    n_messages: int = 0
    """Of the user, in all conversations."""

    def new(self, exact_only: bool) -> list[Answer]:
        """What is to be written, the oldest first."""
        found = [one for one in self.answers if not one.known and (one.match.exact or not exact_only)]
        return sorted(found, key=lambda one: (one.turn.date or "", one.turn.conversation, one.turn.message))


REGENERATED = "regenerated or edited away: only what the page shows is taken"
AMBIGUOUS = "changed in the words that tell prompts and conditions apart: paste those by hand"
OTHER_FILE = "the attached file is that of another condition than the text: paste those by hand"
UNANSWERED = "without an answer"
_REASONS = {"ambiguous": AMBIGUOUS, "other file attached": OTHER_FILE}


def findings(turns: Iterable[Turn | Unread | Named], expected: Sequence[Expected], known: Known) -> Findings:
    """Recognise every turn; a turn that the export holds twice counts once."""
    found, seen = Findings(), set[tuple[str, str]]()
    for turn in turns:
        if isinstance(turn, Unread | Named):
            found.left[turn] += 1
            continue
        key = (turn.conversation, turn.message)
        if key in seen:
            continue
        seen.add(key)
        found.conversations.add(turn.conversation)
        found.n_messages += turn.shown
        _sort_in(turn, recognise(turn, expected), found, known)
    return found


def _sort_in(turn: Turn, match: Match | str | None, found: Findings, known: Known) -> None:
    if match is None:
        return
    if not turn.shown:
        found.left[turn.beside or REGENERATED] += 1
    elif isinstance(match, str):
        found.left[_REASONS[match]] += 1
    elif turn.beside or not turn.answer:
        found.left[turn.beside or UNANSWERED] += 1
    else:
        text = clean(turn.answer)
        found.answers.append(Answer(turn, text, match, known.take(turn, match.expected, text)))


def clean(text: str) -> str:
    """Text that any UTF-8 file can hold, with one kind of line end.

    >>> clean("a\\r\\nb\\ud800")
    'a\\nb?'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text.encode("utf-8", "replace").decode("utf-8")


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


def remarks(answers: Sequence[Answer]) -> list[str]:
    """What to look at before the answers are written."""
    late = sum(not one.turn.first for one in answers)
    no_file = sum(not names_file(one.turn.attached, one.match.expected.condition) for one in answers)
    undated = sum(one.turn.date is None for one in answers)
    said = [
        (late, "not the first message of its conversation: it may have followed what came before"),
        (no_file, "the export names no attached file: was it attached?"),
        (undated, "no date could be read"),
    ]
    spoiled = Counter(remark for one in answers for remark in one.turn.remarks)
    return [f"{n}: {what}" for n, what in (*said, *((n, str(one)) for one, n in spoiled.items())) if n]


def differences(match: Match, limit: int = 12) -> str:
    """The words in which a near text differs, as "-expected +typed"; control characters left out."""
    from difflib import SequenceMatcher

    expected, typed = match.expected.text.split(), match.typed.split()
    words: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, expected, typed, autojunk=False).get_opcodes():
        if kind != "equal":
            words += [f"-{word}" for word in expected[a:b]] + [f"+{word}" for word in typed[c:d]]
    shown = " ".join(words[:limit]) + (" …" if len(words) > limit else "")
    return "".join(character for character in shown if character.isprintable())
