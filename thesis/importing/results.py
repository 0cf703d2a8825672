"""The answers to the study's prompts in an export, and a count of everything else."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from thesis.importing.known import Known
from thesis.importing.objects import keys_of
from thesis.importing.recognizing import Expected, Match, recognize
from thesis.importing.threads import Threads
from thesis.importing.turns import Beside, Remark, Turn


@dataclass(frozen=True)
class Answer:
    """An answer to a prompt of the study."""

    turn: Turn
    text: str
    match: Match
    known: bool
    """Whether it was imported before, or pasted by hand."""
    n_later: int = 0
    """Number of later answers with a profile, to messages that are not prompts of the study."""


@dataclass
class Results:
    """The study's answers in an export, and counts of the rest."""

    answers: list[Answer] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    """Answers, messages and unreadable parts that are not taken, by reason."""
    conversations: set[str] = field(default_factory=set)
    n_messages: int = 0
    """The user's messages in all conversations."""
    n_prompts: int = 0
    """Messages that are prompts of the study, answered or not."""
    unknown: Counter[str] = field(default_factory=Counter)
    """Kinds of messages, blocks and tools that the readers do not know."""

    def new(self, exact_only: bool) -> list[Answer]:
        """The answers to write, the oldest first."""
        found = [one for one in self.answers if not one.known and (one.match.exact or not exact_only)]
        return sorted(found, key=lambda one: (one.turn.date or "", one.turn.conversation, one.turn.message))


@dataclass(frozen=True)
class _Other:
    """A profile that answers a message which is not a prompt of the study."""

    conversation: str
    message: str
    date: str
    words: list[str]
    """The words of the profile's keys."""


REGENERATED = "regenerated or edited away: only what the page shows is taken"
UNANSWERED = "without an answer"
COPIED = 'copied into another conversation ("Branch in new chat"): counted once'
_REASONS = {
    "ambiguous": "changed in the words that tell prompts and conditions apart: paste those by hand",
    "other file attached": "the attached file belongs to another condition: paste those by hand",
}


def results_of(
    turns: Iterable[Turn | str],
    expected: Sequence[Expected],
    known: Known,
    documents: Callable[[Turn], Sequence[str]],
) -> Results:
    """Recognize every turn; a turn that the export holds twice counts once.

    Args:
        turns: a text is the reason why something cannot be read.
        documents: returns the documents that answer a turn, from another file of the export.
    """
    found, seen, threads = Results(), set[tuple[str, str]](), Threads()
    matched: list[tuple[Turn, Match | str]] = []
    others: list[_Other] = []
    for turn in turns:
        if isinstance(turn, str):
            found.left[turn] += 1
            continue
        key = (turn.conversation, turn.message)
        if key in seen:
            continue
        seen.add(key)
        found.conversations.add(turn.conversation)
        found.n_messages += turn.shown
        # A kind is printed: it keeps only the characters of names.
        found.unknown.update(re.sub(r"[^\w.:/ -]", "", kind)[:60] for kind in turn.unknown)
        threads.add(turn.conversation, turn.copied_from, [turn.first_message] if turn.first_message else [])
        match = recognize(turn, expected)
        if match is not None:
            matched.append((turn, match))
        elif turn.shown and (words := " ".join(keys_of(turn.answer)).split()):
            others.append(_Other(turn.conversation, turn.message, turn.date or "", words))
    for turn, what in _once(matched, threads, found):
        _add(_with_document(turn, documents), what, found, known, threads)
    found.answers = [replace(one, n_later=_n_later(one, others, threads)) for one in found.answers]
    return found


def _once(
    matched: Sequence[tuple[Turn, Match | str]], threads: Threads, found: Results
) -> list[tuple[Turn, Match | str]]:
    """Each answer once, in its original conversation; a shown one rather than a hidden one."""
    once: dict[tuple[str, str, str], tuple[Turn, Match | str]] = {}
    for turn, match in sorted(matched, key=lambda one: not one[0].shown):
        original = threads.members(turn.conversation)[0]
        key = (original, turn.message, turn.answer)
        if key in once:
            found.left[COPIED] += 1
        else:
            once[key] = replace(turn, conversation=original), match
    return list(once.values())


def _with_document(turn: Turn, documents: Callable[[Turn], Sequence[str]]) -> Turn:
    if not turn.beside or not turn.elsewhere:
        return turn
    if texts := documents(turn):
        remarks = turn.remarks + (Remark.DOCUMENTS,) * (len(texts) > 1)
        return replace(turn, answer="\n\n".join(texts), beside=None, remarks=remarks)
    return replace(turn, beside=Beside.PUBLISHED) if turn.beside == Beside.ELSEWHERE else turn


def _add(turn: Turn, match: Match | str, found: Results, known: Known, threads: Threads) -> None:
    """Add a turn to the answers, or the reason why it is not taken."""
    found.n_prompts += turn.shown
    if not turn.shown:
        found.left[turn.beside or REGENERATED] += 1
    elif isinstance(match, str):
        found.left[_REASONS[match]] += 1
    elif turn.beside or not turn.answer:
        found.left[turn.beside or UNANSWERED] += 1
    else:
        text = clean(turn.answer)
        copies = {(one, turn.message) for one in threads.members(turn.conversation)}
        is_known = bool(copies & known.imported) or known.take(turn, match.expected, text)
        found.answers.append(Answer(turn, text, match, is_known))


def _n_later(answer: Answer, others: Sequence[_Other], threads: Threads) -> int:
    """Number of later answers in the thread that hold at least half of their keys from the prompt."""
    group, prompt = threads.members(answer.turn.conversation), answer.match.expected.text
    later = {
        one.message
        for one in others
        if one.conversation in group and one.date >= (answer.turn.date or "")
        if 2 * sum(word in prompt for word in one.words) >= len(one.words)
    }
    return len(later)


def clean(text: str) -> str:
    """Text that any UTF-8 file can hold, with one kind of line end.

    >>> clean("a\\r\\nb\\ud800")
    'a\\nb?'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text.encode("utf-8", "replace").decode("utf-8")
