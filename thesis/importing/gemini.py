"""Gemini: an activity of Google Takeout's My Activity, as JSON; gemini_html.py reads HTML.

A flat list of activities: `title` ("Prompted …", in the account's language), `time`, `subtitles` (names of
attached files, the Gem), `attachedFiles`, `details` (links to the conversation), `safeHtmlItem` (the answer
as HTML, in one or several texts). There is no model. The
sources are public descriptions, as of November 2026.
"""

from datetime import datetime
from itertools import chain
from typing import Any

from thesis.importing.activity import Activity, chats_among, files_among, is_gemini, names_gem
from thesis.importing.page_text import text_of_html
from thesis.importing.turns import Unread, dicts, iso_date, text_of

_NAMING = ("subtitles", "details", "attachedFiles", "imageFile", "audioFiles")
_KEYS = {"header", "title", "titleUrl", "time", "products", "activityControls", "safeHtmlItem", *_NAMING}
_KEYS |= {"description", "locationInfos"}


def is_activity(item: Any) -> bool:
    return isinstance(item, dict) and "mapping" not in item and {"title", "time"} <= item.keys()


def activity_of(item: Any) -> Activity | Unread | None:
    """The activity of an item of the list; None for another product."""
    if not isinstance(item, dict):
        return Unread.ACTIVITY
    products = item.get("products")
    labels = [item.get("header"), *(products if isinstance(products, list) else [])]
    if not is_gemini([label for label in labels if isinstance(label, str)]):
        return None
    if not is_activity(item):
        return Unread.ACTIVITY
    answers, unknown = _answers(item)
    date, names = iso_date(item["time"]), _names(item, *_NAMING)
    at = datetime.fromisoformat(date) if date else None
    return Activity(
        moment=text_of(item, "time"),
        at=at,
        date=date,
        clock=(at.minute % 15, at.second) if at else None,
        title=text_of(item, "title"),
        answers=answers,
        chats=chats_among([*chain(*_names(item, "details")), text_of(item, "titleUrl")]),
        attached=files_among(part for name in names for part in name),
        unknown=unknown,
        gem=names_gem([url for _, url in names], (name for name, _ in names)),
    )


def _answers(item: dict[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The texts of an answer, and the unknown keys in which another text may be."""
    value = item.get("safeHtmlItem")
    listed = value if isinstance(value, list) else [] if value is None else [value]
    pages = [one if isinstance(one, str) else _page(one) for one in listed]
    texts = tuple(filter(None, (text_of_html(page) for page in pages if page)))
    odd = ["safeHtmlItem"] * pages.count(None) or [key for key in item if not texts and key not in _KEYS]
    return texts, tuple(odd)


def _page(one: Any) -> str | None:
    found = [one[key] for key in ("html", "htmlValue") if key in one] if isinstance(one, dict) else []
    return next((page for page in found if isinstance(page, str)), None)


def _names(item: dict[str, Any], *keys: str) -> list[tuple[str, str]]:
    """Names and addresses under the keys of an activity."""
    found = []
    for key in keys:
        value = item.get(key)
        listed = value if isinstance(value, list) else [value]
        found += [(name, name) for name in listed if isinstance(name, str)]
        found += [(text_of(one, "name"), text_of(one, "url")) for one in dicts(listed)]
    return found
