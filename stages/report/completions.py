"""All completions, side by side by prompt and draw, as the page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stages.common.cards import ENDED_WORDS, Fact, facts_of, remarks_of
from stages.common.evaluated import EvaluatedProfile
from stages.common.pasted import Pasted
from stages.common.phrases import many
from stages.common.prompts import AskedPrompt, asked_text
from stages.common.records import Completion, Written
from stages.common.schema import ProfileSchema
from stages.common.shown import visible
from stages.common.verdicts import verdict_of
from stages.report.inputs import Inputs


@dataclass(frozen=True)
class Shown:
    """One completion, with an address on the page and what was found wrong with it."""

    anchor: str
    arm: str
    prompt: str
    draw: int
    text: str
    made: str
    """Its length or where it was pasted from, and how it ended."""
    around: str
    """What a chat page says beside its profiles."""
    verdict: str
    facts: list[Fact]
    remarks: list[str]

    @property
    def fits(self) -> bool:
        """Whether the text is one profile that fits the schema and breaks no rule, and nothing else."""
        return self.verdict == "fits" and not self.remarks


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
    """The completions of all arms by draw, in the order of the strips; None where an arm has no such draw."""


def asked(inputs: Inputs) -> list[Asked]:
    """Arrange all completions by prompt, then by draw, then by arm in the order in which they were asked."""
    read = {(row.arm, row.prompt_id, row.draw): row for row in inputs.profiles}
    shown: dict[tuple[str, str], dict[int, Shown]] = {}
    for row in sorted(inputs.completions, key=lambda completion: completion.draw):
        one = _shown(row, read.get((row.arm, row.prompt_id, row.draw)), inputs.schema)
        shown.setdefault((row.arm, row.prompt_id), {})[row.draw] = one
    return [_asked(prompt, shown, inputs) for prompt in inputs.prompts]


def anchor(*names: str | int) -> str:
    """An id on the page: the names, without white space.

    >>> anchor("llama+lora/original", "free profile", 3)
    'llama+lora/original/free_profile/3'
    """
    return "_".join("/".join(map(str, names)).split())


def _asked(prompt: AskedPrompt, shown: Mapping[tuple[str, str], dict[int, Shown]], inputs: Inputs) -> Asked:
    arms = [arm for arm in inputs.arms if (arm, prompt.id) in shown]
    strips = [Strip(anchor(arm, prompt.id), arm, [*shown[arm, prompt.id].values()]) for arm in arms]
    draws = sorted({draw for arm in arms for draw in shown[arm, prompt.id]})
    rows = {draw: [shown[arm, prompt.id].get(draw) for arm in arms] for draw in draws}
    return Asked(prompt.id, asked_text(prompt, inputs.schema), strips, rows)


def made_words(row: Written) -> str:
    """The length of a completion or where it was pasted from, and how it ended."""
    if isinstance(row, Completion):
        return f"{many(row.n_tokens, 'token')}, {ENDED_WORDS[row.ended]}"
    if not isinstance(row, Pasted):
        return ""
    made = row.provenance
    interface = made.interface and f"interface: {made.interface}"
    known = [made.product, interface, made.model or "model not shown", made.date, ENDED_WORDS[row.ended]]
    return visible(", ".join(one for one in known if one))


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
        verdict=verdict_of(read) if read else "not evaluated",
        facts=facts_of(profile, read.violations, schema) if read and profile is not None else [],
        remarks=[visible(remark) for remark in remarks_of(read)] if read else [],
    )
