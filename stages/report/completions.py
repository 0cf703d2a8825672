"""All completions, as the page shows them."""

import re
from dataclasses import dataclass

from stages.common.evaluated import EvaluatedProfile
from stages.common.prompts import asked_text
from stages.common.records import Completion
from stages.report.inputs import Inputs

STATUS_WORDS = {
    "strict": "one JSON object and nothing else",
    "repaired": "a JSON object could be had",
    "invalid": "no JSON object could be read",
    "refused": "no JSON object, but a refusal in words",
    "empty": "nothing was written",
}
ENDED_WORDS = {"eos": "ended by itself", "length": "cut off at the token limit"}

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_UNSEEN = re.compile("[\ud800-\udfff\x80-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Shown:
    """One completion, with an address on the page and what was found wrong with it."""

    anchor: str
    draw: int
    text: str
    n_tokens: int
    ended: str
    status: str
    remarks: list[str]

    @property
    def fits(self) -> bool:
        return not self.remarks


@dataclass(frozen=True)
class Group:
    """The completions of one arm under one prompt."""

    anchor: str
    arm: str
    draws: list[Shown]


@dataclass(frozen=True)
class Asked:
    """A prompt as it was asked, and what every arm made of it."""

    prompt: str
    text: str
    groups: list[Group]


def asked(inputs: Inputs) -> list[Asked]:
    """Every completion once: by prompt, then by arm in the order asked, then by draw."""
    read = {(row.arm, row.prompt_id, row.draw): row for row in inputs.profiles}
    cells: dict[tuple[str, str], list[Shown]] = {}
    for row in sorted(inputs.completions, key=lambda completion: completion.draw):
        shown = _shown(row, read.get((row.arm, row.prompt_id, row.draw)))
        cells.setdefault((row.arm, row.prompt_id), []).append(shown)
    return [
        Asked(
            prompt.id,
            asked_text(prompt, inputs.schema),
            [Group(anchor(arm, prompt.id), arm, cells[arm, prompt.id]) for arm in inputs.arms
             if (arm, prompt.id) in cells],
        )
        for prompt in inputs.prompts
    ]  # fmt: skip


def anchor(*names: str | int) -> str:
    """An id on the page: no white space, else the names as they are.

    >>> anchor("llama+lora/original", "free profile", 3)
    'llama+lora/original/free_profile/3'
    """
    return "_".join("/".join(map(str, names)).split())


def visible(text: str) -> str:
    """The text with marks in place of what a page cannot or must not show: control and direction characters.

    >>> visible("a\\x00b\\r\\n\\u202ec")
    'a␀b␍\\n�c'
    """
    return _UNSEEN.sub("\ufffd", _CONTROL.sub(_picture, text))


def _picture(match: re.Match[str]) -> str:
    return "␡" if match[0] == "\x7f" else chr(0x2400 + ord(match[0]))


def _shown(row: Completion, read: EvaluatedProfile | None) -> Shown:
    return Shown(
        anchor(row.arm, row.prompt_id, row.draw),
        row.draw,
        visible(row.text),
        row.n_tokens,
        ENDED_WORDS[row.ended],
        read.status if read else "not evaluated",
        [visible(remark) for remark in _remarks(read)] if read else [],
    )


def _remarks(read: EvaluatedProfile) -> list[str]:
    broken = [f"breaks the rule {rule}" for rule in read.broken_rules]
    return [*read.notes, *(f"does not fit the schema: {line}" for line in read.violations), *broken]
