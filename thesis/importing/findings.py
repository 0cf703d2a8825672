"""What an export holds of the study; of everything else, a count."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from thesis.importing.known import Known
from thesis.importing.objects import keys_of
from thesis.importing.recognising import Expected, Match, recognise
from thesis.importing.threads import Threads
from thesis.importing.turns import Beside, Named, Remark, Turn, Unread


@dataclass(frozen=True)
class Answer:
    """An answer to a prompt of the study."""

    turn: Turn
    text: str
    match: Match
    known: bool
    """It was imported before, or pasted by hand."""
    n_later: int = 0
    """Answers with a profile that follow it, to messages that are no prompts of the study."""


@dataclass
class Findings:
    """Everything that is said of an export."""

    answers: list[Answer] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    """What is not taken, by reason: answers, messages, and what could not be read."""
    conversations: set[str] = field(default_factory=set)
    n_messages: int = 0
    """Of the user, in all conversations."""
    n_prompts: int = 0
    """Messages that are prompts of the study, answered or not."""
    unknown: Counter[str] = field(default_factory=Counter)
    """Kinds of messages, blocks and tools that the readers do not know."""

    def new(self, exact_only: bool) -> list[Answer]:
        """What is to be written, the oldest first."""
        found = [one for one in self.answers if not one.known and (one.match.exact or not exact_only)]
        return sorted(found, key=lambda one: (one.turn.date or "", one.turn.conversation, one.turn.message))


REGENERATED = "regenerated or edited away: only what the page shows is taken"
AMBIGUOUS = "changed in the words that tell prompts and conditions apart: paste those by hand"
OTHER_FILE = "the attached file is that of another condition than the text: paste those by hand"
UNANSWERED = "without an answer"
COPIED = 'copied into another conversation ("Branch in new chat"): counted once'
_REASONS = {"ambiguous": AMBIGUOUS, "other file attached": OTHER_FILE}


def findings(
    turns: Iterable[Turn | Unread | Named],
    expected: Sequence[Expected],
    known: Known,
    documents: Callable[[Turn], Sequence[str]] = lambda _: (),
) -> Findings:
    """Recognise every turn; a turn that the export holds twice counts once.

    Args:
        documents: the texts of the documents that answer a turn, from another file of the export.
    """
    found, seen, threads = Findings(), set[tuple[str, str]](), Threads()
    matched: list[tuple[Turn, Match | str]] = []
    others: list[Turn] = []
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
        found.unknown.update(map(_kind, turn.unknown))
        threads.add(turn.conversation, turn.copied_from, [turn.first_message] if turn.first_message else [])
        match = recognise(turn, expected)
        if match is not None:
            matched.append((turn, match))
        elif turn.shown and (keys := keys_of(turn.answer)):
            others.append(replace(turn, answer=" ".join(keys), asked=()))
    for turn, what in _once(matched, threads, found):
        _sort_in(_with_document(turn, documents), what, found, known, threads)
    found.answers = [replace(one, n_later=_n_later(one, others, threads)) for one in found.answers]
    return found


def _kind(name: str) -> str:
    """A kind as it can be printed: nothing but the signs of names."""
    return re.sub(r"[^\w.:/ -]", "", name)[:60]


def _once(
    matched: Sequence[tuple[Turn, Match | str]], threads: Threads, found: Findings
) -> list[tuple[Turn, Match | str]]:
    """Each answer once, in the conversation that it was first given in; rather one that the page shows."""
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


def _sort_in(turn: Turn, match: Match | str, found: Findings, known: Known, threads: Threads) -> None:
    found.n_prompts += turn.shown
    if not turn.shown:
        found.left[turn.beside or REGENERATED] += 1
    elif isinstance(match, str):
        found.left[_REASONS[match]] += 1
    elif turn.beside:
        found.left[turn.beside] += 1
    elif not turn.answer:
        found.left[UNANSWERED] += 1
    else:
        text = clean(turn.answer)
        copies = {(one, turn.message) for one in threads.members(turn.conversation)}
        is_known = bool(copies & known.imported) or known.take(turn, match.expected, text)
        found.answers.append(Answer(turn, text, match, is_known))


def _n_later(answer: Answer, others: Sequence[Turn], threads: Threads) -> int:
    """How many profiles were asked for after this one, by messages of another text."""
    group = threads.members(answer.turn.conversation)
    later = {
        turn.message
        for turn in others
        if turn.conversation in group and (turn.date or "") >= (answer.turn.date or "")
        if _is_profile(turn.answer.split(), answer.match.expected.text)
    }
    return len(later)


def _is_profile(keys: Sequence[str], prompt: str) -> bool:
    """Whether the prompt asks for at least half of the keys."""
    return 2 * sum(key in prompt for key in keys) >= len(keys)


def clean(text: str) -> str:
    """Text that any UTF-8 file can hold, with one kind of line end.

    >>> clean("a\\r\\nb\\ud800")
    'a\\nb?'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text.encode("utf-8", "replace").decode("utf-8")
