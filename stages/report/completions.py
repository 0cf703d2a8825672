"""All completions, side by side by prompt and draw, as the page shows them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from stages.common.evaluated import EvaluatedProfile
from stages.common.fields import MISSING, get
from stages.common.levels import label
from stages.common.pasted import Pasted
from stages.common.prompts import AskedPrompt, asked_text
from stages.common.records import Completion, Profile, Written
from stages.common.schema import ProfileSchema
from stages.common.shown import brief, visible
from stages.report.inputs import Inputs
from stages.report.numbers import many

STATUS_WORDS = {
    "strict": "one JSON object and nothing else",
    "repaired": "a JSON object could be recovered",
    "invalid": "no JSON object could be read",
    "refused": "no JSON object, but a refusal in words",
    "empty": "nothing was written",
}
ENDED_WORDS = {
    "eos": "ended by itself",
    "length": "cut off at the token limit",
    "closed": "ended by itself",
    "cut": "stops within the object",
}

_REQUIRED = " is a required property"
MAX_UNKNOWN, MAX_VALUE = 50, 2000
"""Fields on a card that the schema does not know; characters of one value: the raw text is whole."""


@dataclass(frozen=True)
class Fact:
    """A field of a profile's card."""

    path: str
    value: str
    state: Literal["", "null", "missing", "wrong", "unknown"]
    """`wrong`: it does not fit the schema; `unknown`: the schema has no such field."""


@dataclass(frozen=True)
class Shown:
    """One completion, with an address on the page and what was found wrong with it."""

    anchor: str
    arm: str
    prompt: str
    draw: int
    text: str
    made: str
    """By whom and how it ended, in words."""
    around: str
    """What a chat page says beside its profiles."""
    status: str
    facts: list[Fact]
    remarks: list[str]

    @property
    def fits(self) -> bool:
        """It is one profile that fits the schema and breaks no rule, and nothing else."""
        return self.status == "strict" and not self.remarks


@dataclass(frozen=True)
class Strip:
    """All draws of one arm under one prompt, as a list of links."""

    anchor: str
    arm: str
    draws: list[Shown]


@dataclass(frozen=True)
class Asked:
    """A prompt as it was asked, and what every arm made of it."""

    prompt: str
    text: str
    strips: list[Strip]
    rows: dict[int, list[Shown | None]] = field(default_factory=dict)
    """By draw: the completions of all arms, in the strips' order; None where an arm has no such draw."""


def asked(inputs: Inputs) -> list[Asked]:
    """Every completion once: by prompt, then by draw, then by arm in the order asked."""
    read = {(row.arm, row.prompt_id, row.draw): row for row in inputs.profiles}
    shown: dict[tuple[str, str], dict[int, Shown]] = {}
    for row in sorted(inputs.completions, key=lambda completion: completion.draw):
        one = _shown(row, read.get((row.arm, row.prompt_id, row.draw)), inputs.schema)
        shown.setdefault((row.arm, row.prompt_id), {})[row.draw] = one
    return [_asked(prompt, shown, inputs) for prompt in inputs.prompts]


def anchor(*names: str | int) -> str:
    """An id on the page: no white space, else the names as they are.

    >>> anchor("llama+lora/original", "free profile", 3)
    'llama+lora/original/free_profile/3'
    """
    return "_".join("/".join(map(str, names)).split())


def facts_of(profile: Profile, violations: list[str], schema: ProfileSchema) -> list[Fact]:
    """The schema's fields in its order, then what it does not know."""
    wrong = [line.partition(":")[0] for line in violations]
    paths = {one.path for one in schema.all_fields}
    known = [_fact(one.path, get(profile, one.path), _names(wrong, one.path)) for one in schema.fields]
    others = [
        (path, value)
        for path, value in _leaves(profile)
        if not _within(path, paths) and not (value is None and _names(paths, path))
    ]
    unknown = [Fact(visible(brief(path)), _words(value), "unknown") for path, value in others[:MAX_UNKNOWN]]
    if len(others) > MAX_UNKNOWN:
        more = f"{len(others) - MAX_UNKNOWN:,} more fields, in the raw text"
        unknown.append(Fact(f"… and {more}", "", "unknown"))
    return known + unknown


def remarks_of(read: EvaluatedProfile) -> list[str]:
    """What was repaired, what does not fit the schema, which rules are broken: a line each."""
    broken = [f"breaks the rule {rule}" for rule in read.broken_rules]
    broken += [f"a text contradicts a field: rule {rule}" for rule in read.broken_text_rules]
    lacking = [_lacking(line) for line in read.violations if line.endswith(_REQUIRED)]
    others = [f"does not fit the schema: {line}" for line in read.violations if not line.endswith(_REQUIRED)]
    return [
        *read.notes,
        *([f"lacks what is required: {', '.join(lacking)}"] if lacking else []),
        *others,
        *broken,
    ]


def _asked(prompt: AskedPrompt, shown: Mapping[tuple[str, str], dict[int, Shown]], inputs: Inputs) -> Asked:
    arms = [arm for arm in inputs.arms if (arm, prompt.id) in shown]
    strips = [Strip(anchor(arm, prompt.id), arm, [*shown[arm, prompt.id].values()]) for arm in arms]
    draws = sorted({draw for arm in arms for draw in shown[arm, prompt.id]})
    rows = {draw: [shown[arm, prompt.id].get(draw) for arm in arms] for draw in draws}
    return Asked(prompt.id, asked_text(prompt, inputs.schema), strips, rows)


def made_words(row: Written) -> str:
    """How long, or where pasted from; and how it ended."""
    if isinstance(row, Completion):
        return f"{many(row.n_tokens, 'token')}, {ENDED_WORDS[row.ended]}"
    if not isinstance(row, Pasted):
        return ""
    made = row.provenance
    interface = made.interface and f"interface: {made.interface}"
    known = [made.product, interface, made.model or "model not shown", made.date]
    return visible(", ".join([one for one in known if one] + [ENDED_WORDS[row.ended]]))


def _shown(row: Written, read: EvaluatedProfile | None, schema: ProfileSchema) -> Shown:
    profile = read.profile if read else None
    return Shown(
        anchor=anchor(row.arm, row.prompt_id, row.draw),
        arm=row.arm,
        prompt=row.prompt_id,
        draw=row.draw,
        text=visible(row.text),
        made=made_words(row),
        around=visible(row.around) if isinstance(row, Pasted) else "",
        status=read.status if read else "not evaluated",
        facts=facts_of(profile, read.violations, schema) if read and profile is not None else [],
        remarks=[visible(remark) for remark in remarks_of(read)] if read else [],
    )


def _names(paths: Iterable[str], path: str) -> bool:
    """Whether one of the paths is this one, or lies in it: `jobs.0.title` in `jobs`."""
    return any(one == path or one.startswith(f"{path}.") for one in paths)


def _fact(path: str, value: Any, wrong: bool) -> Fact:
    if value is MISSING:
        return Fact(path, "missing", "missing")
    words = "null" if value is None else _words(value)
    return Fact(path, words, "wrong" if wrong else "null" if value is None else "")


def _leaves(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted paths of everything that is no object, and of empty objects."""
    for key, inner in value.items():
        path = f"{prefix}{key}"
        if isinstance(inner, dict) and inner:
            yield from _leaves(inner, f"{path}.")
        else:
            yield path, inner


def _within(path: str, known: set[str]) -> bool:
    """Whether a path is a known field, or lies in one whose value should not be an object."""
    return any(path == one or path.startswith(f"{one}.") for one in known)


def _words(value: Any) -> str:
    return visible(brief(label(value), MAX_VALUE))


def _lacking(line: str) -> str:
    """The field of `job: 'hours' is a required property`."""
    return line.removesuffix(_REQUIRED).partition(": ")[2][1:-1]
