"""An activity of Gemini, from JSON or HTML, and the turn that it makes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from thesis.importing.page_text import DOCUMENT
from thesis.importing.turns import Beside, Remark, Turn, hashed

_VERBS = "Prompted(?: with)?|Asked(?: Gemini| Bard)?|Said|Branched|Fez uma pergunta|Perguntou|Preguntó"
_VERB = re.compile(rf"(?:{_VERBS})\s*:?\s+")
_BRANCHED = "Branched"
N_VERB_WORDS = 4
"""Number of words at the beginning that may be the verb in an unknown language."""
_ATTACHED = re.compile(r"\s*Attached \d+ files?\.?\s*$")
_CHAT = re.compile(r"(?:https?://)?gemini\.google\.com(?:/u/\d+)?/(?:app|gem/[\w.-]+)/([\w-]+)")
_GEM = re.compile(r"(?:https?://)?gemini\.google\.com(?:/u/\d+)?/gems?\b")
_CANVAS = re.compile(r"\bgemini[ -]?canvas\b", re.IGNORECASE)
_CHIP = re.compile(rf"[ \t]*<?/?(?:https?://[\w./-]*)?{DOCUMENT}[/\w]*>?", re.IGNORECASE)
_CANVAS_ANSWER = re.compile(rf"\bcanvas\b|{DOCUMENT}", re.IGNORECASE)
_FILE = re.compile(r"[^/\\:\n]{1,200}\.\w{1,8}")
_DASHES = "-–•"
_OURS = ("gemini", "bard")


@dataclass(frozen=True)
class Activity:
    """An activity, from JSON or HTML."""

    moment: str
    """The time in the export's words."""
    at: datetime | None
    """The time; from HTML on the account's clock, as if that were UTC."""
    date: str | None
    """ISO 8601; from HTML only the day."""
    clock: tuple[int, int] | None
    """See `Moment.clock`."""
    title: str
    answers: tuple[str, ...] = ()
    chats: tuple[str, ...] = ()
    """Ids of its conversation, which gets another id when a prompt is edited."""
    attached: tuple[str, ...] = ()
    gem: bool = False
    """Whether a Gem answered."""
    unknown: tuple[str, ...] = ()
    """Keys that were not understood."""
    longer_titles: tuple[str, ...] = ()
    """Titles with more of the lines at its end that look like names of files and Gems."""

    @property
    def own(self) -> str:
        """An id made of the activity, since the export has none."""
        return hashed(self.moment, self.title)

    @property
    def is_canvas(self) -> bool:
        """Whether it reports a new document, and is no prompt."""
        head = self.title[:300].split("\n")[0]
        created = head.startswith("Created") or not self.answers
        return created and not _VERB.match(head) and bool(_CANVAS.search(head))

    @property
    def document(self) -> str:
        """The text of a canvas, below the title or as an answer; "" if the export does not have it."""
        return "\n\n".join(part for part in (self.title.partition("\n")[2].strip(), *self.answers) if part)


def turns_of(
    activity: Activity,
    conversation: str,
    first: bool,
    documents: Sequence[str] | None,
    files: Sequence[str] = (),
) -> Iterator[Turn]:
    """The turn of an activity, and a hidden turn for each further text of its answer.

    Args:
        documents: its canvases' texts, "" for a text that is not in the export; None without a canvas.
        files: texts of the attached files that are in the export.
    """
    answer, further = _pieces(activity.answers)
    text, beside = _with_documents(answer, documents)
    remarks = [Remark.PIECES] * (len(activity.answers) > 1)
    remarks += [Remark.CUSTOM] * activity.gem
    titles = dict.fromkeys((activity.title, _ATTACHED.sub("", activity.title), *activity.longer_titles))
    typed = [text for title in titles if title for text in _without_verb(title)]
    made = Turn(
        conversation=conversation,
        message=hashed(activity.own, "0"),
        asked=(*dict.fromkeys(typed), *files),
        attached=activity.attached,
        first=first and not activity.title.startswith(_BRANCHED),
        shown=True,
        answer=_without_chip(text),
        model=None,
        date=activity.date,
        clock=activity.clock,
        beside=beside,
        remarks=tuple(remarks),
        unknown=activity.unknown,
    )
    yield made
    for number, text in enumerate(further, start=1):
        own = hashed(activity.own, str(number))
        hidden = replace(made, message=own, shown=False, answer=text, beside=Beside.FURTHER)
        yield replace(hidden, remarks=(), unknown=())


def is_gemini(labels: Sequence[str]) -> bool:
    """Whether the labels of an activity name Gemini; True without labels, since the file is Gemini's own."""
    named = [label.lower() for label in labels if label.strip()]
    return not named or any(word in label for label in named for word in _OURS)


def chats_among(links: Iterable[str]) -> tuple[str, ...]:
    """Ids of the linked conversations."""
    return tuple(dict.fromkeys(chat[1] for chat in map(_CHAT.match, links) if chat))


def names_gem(links: Sequence[str], names: Iterable[str]) -> bool:
    """Whether a Gem is linked, or named where no file is named."""
    said = (name for name in names if not name.startswith(tuple(_DASHES)))
    return any(map(_GEM.match, links)) or any(re.search(r"\bGems?\b", name) for name in said)


def files_among(names: Iterable[str]) -> tuple[str, ...]:
    """Names of files, without the dash of a list.

    >>> files_among(iter(["-\\xa0 a.json", "Attached 1 file.", "https://example.org/b.json"]))
    ('a.json',)
    """
    clean = (name.lstrip(f"{_DASHES} \xa0").strip() for name in names)
    return tuple(dict.fromkeys(name for name in clean if _FILE.fullmatch(name)))


def _pieces(answers: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The answer, and the texts that are not taken.

    >>> _pieces(['{"a": 1}', '{"a": 2}']), _pieces(["Here it is:", '{"a": 1}'])
    (('{"a": 1}', ['{"a": 2}']), ('Here it is:\\n\\n{"a": 1}', []))
    """
    whole = not answers or ("{" in answers[0] and answers[0].count("{") == answers[0].count("}"))
    return ("".join(answers[:1]), answers[1:]) if whole else ("\n\n".join(answers), [])


def _with_documents(answer: str, documents: Sequence[str] | None) -> tuple[str, Beside | None]:
    """The answer, with the document beside it if the answer itself holds no profile."""
    if "{" in answer or (documents is None and not _CANVAS_ANSWER.search(answer)):
        return answer, None
    last = "".join((documents or ())[-1:])
    return ("\n\n".join(filter(None, (answer, last))), None) if last else ("", Beside.ELSEWHERE)


def _without_chip(text: str) -> str:
    """The text without Gemini's sign for a document.

    >>> _without_chip(f"Here.\\n\\nhttp://googleusercontent.com/{DOCUMENT}/0\\n\\nDone.")
    'Here.\\n\\nDone.'
    """
    return re.sub(r"\n{3,}", "\n\n", _CHIP.sub("", text)).strip() if _CHIP.search(text) else text


def _without_verb(title: str) -> tuple[str, ...]:
    """The title without its verb; if the verb is unknown, the title with and without its first words."""
    verb = _VERB.match(title)
    if verb:
        return (title[verb.end() :],)
    words = title[:200].split(maxsplit=N_VERB_WORDS)[:N_VERB_WORDS]
    rests, rest = [title], title
    for word in words:
        rest = rest.lstrip().removeprefix(word)
        rests.append(rest)
    return tuple(rests)
