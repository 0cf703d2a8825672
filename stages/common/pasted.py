"""What chat pages wrote, as `collect` read it; `data/collected/completions.jsonl`."""

import re
from typing import Literal

from pydantic import FiniteFloat

from stages.common.records import Record, Written

WEB_PAGE = "web page"
_PAGE = {"web page", "webpage", "web", "page"}


class Provenance(Record):
    """Where an answer comes from: the YAML header of a pasted answer, or the file beside it."""

    product: str | None = None
    """Name of the product: ChatGPT, Claude, Gemini."""
    interface: str | None = None
    """How it was asked: `web page`, `API`, or other words; None if that is not known."""
    model: str | None = None
    """The label as shown; None if none was shown."""
    date: str | None = None
    """ISO 8601, of the answer."""
    conversation: str | None = None
    """What tells this conversation from others; answers of one conversation are not independent."""
    message: str | None = None
    """Name of an imported answer within its conversation."""
    prompt: str | None = None
    """The text that was typed, where it is not that of the folder."""
    export_sha256: str | None = None
    """sha256 of the official export that it was imported from."""
    adapter_sha256: str | None = None
    """Adapter of an interactive draw; None if there is none."""
    seed: int | None = None
    temperature: FiniteFloat | None = None
    draw: int | None = None
    """Together with seed and temperature, what an interactive draw needs to be repeated."""
    constrained: bool | None = None
    top_p: float | None = None
    top_k: int | None = None
    """None also if all tokens were drawn from."""
    max_new_tokens: int | None = None


class Pasted(Written):
    """One profile's worth of a pasted answer: an answer can hold several, each is a draw."""

    conversation: str
    """The header's conversation within its source; without one, the file is a conversation by itself."""
    ended: Literal["closed", "cut"]
    """`cut`: the answer stops within an object."""
    around: str
    """What the answer says beside its objects, code fences left out; "" if nothing."""
    file: str
    """The pasted answer, as a path from the project's folder."""
    provenance: Provenance

    @property
    def arm(self) -> str:
        return arm_of(self.source, self.condition, self.provenance)


def arm_of(source: str, condition: str, provenance: Provenance) -> str:
    """The arm of an answer; one that was not asked on the web page says so in its name.

    >>> arm_of("claude", "none", Provenance(interface="API"))
    'claude(API)/none'
    >>> arm_of("claude", "none", Provenance(interface="Web page")), arm_of("claude", "none", Provenance())
    ('claude/none', 'claude/none')
    >>> arm_of("claude", "none", Provenance(interface="the web_page."))
    'claude/none'
    """
    named = provenance.interface or ""
    words = re.findall(r"[^\W_]+(?:[.+]+[^\W_]+)*", named)
    words = words[1:] if len(words) > 1 and words[0].lower() == "the" else words
    if not named.strip() or " ".join(words).lower() in _PAGE:
        return f"{source}/{condition}"
    how = "-".join("API" if word.lower() == "api" else word for word in words)
    return f"{source}({how[:40] or 'other'})/{condition}"
