"""Gemini: My Activity of Google Takeout, `MyActivity.json` or `MyActivity.html`.

A flat list of activities: `title` ("Prompted …", in the account's language), `time`, `subtitles` (names
of attached files), `safeHtmlItem` (answers as HTML; the later ones were regenerated). There is no model.
Where an activity names no conversation, it is one of its own. After public descriptions, as of 2026.
"""

import re
from collections.abc import Iterator
from typing import Any

from thesis.importing.page_text import text_of_html
from thesis.importing.turns import Turn, dicts, hashed, iso_date, text_of

_VERBS = "Prompted(?: with)?|Asked(?: Gemini| Bard)?|Said|Branched|Fez uma pergunta|Perguntou|Preguntó"
_VERB = re.compile(rf"(?:{_VERBS})\s*:?\s+")
N_VERB_WORDS = 4
"""An unknown language's verb is at most so many words at the beginning."""
_APP = re.compile(r"https://gemini\.google\.com/app/([\w-]+)")
_OURS = ("gemini", "bard")


def is_conversation(item: Any) -> bool:
    return isinstance(item, dict) and "mapping" not in item and {"title", "time"} <= item.keys()


def turns(activity: dict[str, Any]) -> Iterator[Turn]:
    """The turn of one activity, and one that is not shown for each regenerated answer."""
    products = activity.get("products")
    labels = [activity.get("header"), *(products if isinstance(products, list) else [])]
    answers = [text_of_html(text_of(one, "html")) for one in dicts(activity.get("safeHtmlItem"))]
    subtitles = [text_of(one, "name") for one in dicts(activity.get("subtitles"))]
    if is_gemini([label for label in labels if isinstance(label, str)]):
        yield from activity_turns(
            text_of(activity, "title"),
            [name.lstrip("-–• \xa0") for name in subtitles if name.startswith(("-", "–", "•"))],
            answers,
            date=iso_date(activity.get("time")),
            moment=text_of(activity, "time"),
            link=text_of(activity, "titleUrl"),
        )


def activity_turns(
    title: str, attached: list[str], answers: list[str], *, date: str | None, moment: str, link: str
) -> Iterator[Turn]:
    """What the JSON and the HTML have in common.

    Args:
        moment: the time as it is written in the export, in any language.
        link: that of the conversation; "" if there is none.
    """
    app = _APP.match(link)
    own = hashed(moment, title)
    for number, answer in enumerate(answers or [""]):
        yield Turn(
            conversation=app[1] if app else own,
            message=hashed(own, str(number)),
            asked=_without_verb(title),
            attached=tuple(attached),
            first=app is None,
            shown=number == 0,
            answer=answer,
            model=None,
            date=date,
        )


def is_gemini(labels: list[str]) -> bool:
    """Whether the labels of an activity name it; without labels, the file is Gemini's own."""
    named = [label.lower() for label in labels if label.strip()]
    return not named or any(word in label for label in named for word in _OURS)


def _without_verb(title: str) -> tuple[str, ...]:
    """The title without a known verb; else with and without its first words."""
    verb = _VERB.match(title)
    if verb:
        return (title[verb.end() :],)
    words = title[:200].split(maxsplit=N_VERB_WORDS)[:N_VERB_WORDS]
    rests, rest = [title], title
    for word in words:
        rest = rest.lstrip().removeprefix(word)
        rests.append(rest)
    return tuple(rests)
