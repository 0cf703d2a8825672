"""What a calibration was made with: its claims hold for these settings and no others."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from stages.common.comparison import BASE
from stages.common.params import Params
from stages.common.prompts import AskedPrompt, asked_text
from stages.common.records import Record
from stages.common.schema import ProfileSchema

_PARTS = ("required", "properties", "x-rules")
"""Of the schema: what profiles hold, and what must fit together."""


class _Facts(Params):
    """Of a section that holds more."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class SamplingFacts(_Facts):
    """Of the section `generate`: how tokens are drawn."""

    temperature: float
    top_p: float
    top_k: int | None
    max_new_tokens: int
    constrained: bool


class ContrastFacts(_Facts):
    """Of an entry of evaluate.contrasts: everything that makes it another question."""

    id: str
    arm_a: str
    arm_b: str
    prompt: str
    statistic: str
    field: str | None = None
    level: Any = None
    attribute: str | None = None


class MadeWith(Record):
    """What a calibration depends on, beside its own draws."""

    adapter_sha256: dict[str, str]
    """By arm: the pipeline's adapters, the first training run of each."""
    contrasts: dict[str, dict[str, Any]]
    """By id: the declared ones between those arms."""
    prompts: dict[str, str]
    """By id: the sha256 of the text that was asked."""
    schema_sha256: str
    """Of fields and x-rules."""
    sampling: dict[str, Any]
    alpha: float
    confidence: float


def made_with(
    adapter_sha256: Mapping[str, str],
    contrasts: Sequence[ContrastFacts],
    asked: Sequence[AskedPrompt],
    schema: ProfileSchema,
    sampling: SamplingFacts,
    *,
    base: str,
    alpha: float,
    confidence: float,
) -> MadeWith:
    """As things stand now; `base` replaces `<base>` in the names of arms."""
    named = [
        one.model_copy(update={key: getattr(one, key).replace(BASE, base) for key in ("arm_a", "arm_b")})
        for one in contrasts
    ]
    kept = [one for one in named if {one.arm_a, one.arm_b} <= {*adapter_sha256}]
    texts = {one.id: asked_text(one, schema) for one in asked}
    return MadeWith(
        adapter_sha256=dict(adapter_sha256),
        contrasts={one.id: json.loads(one.model_dump_json()) for one in kept},
        prompts={one.prompt: sha256(texts[one.prompt]) for one in kept if one.prompt in texts},
        schema_sha256=sha256(json.dumps([schema.node.get(part) for part in _PARTS], sort_keys=True)),
        sampling=sampling.model_dump(),
        alpha=alpha,
        confidence=confidence,
    )


def facts_of(contrast: BaseModel) -> ContrastFacts:
    return ContrastFacts.model_validate(contrast.model_dump())


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def changes(then: MadeWith, now: MadeWith) -> list[str]:
    """What is another than it was, in words; [] if a calibration made with `then` holds now."""
    return [
        *(["the adapters"] if then.adapter_sha256 != now.adapter_sha256 else []),
        *_changed_keys(then.contrasts, now.contrasts, "the contrast"),
        *(f"the text of the prompt {key}" for key in _differing(then.prompts, now.prompts)),
        *(["fields or rules of the schema"] if then.schema_sha256 != now.schema_sha256 else []),
        *_changed(then.sampling, now.sampling, "generate."),
        *_changed(
            {"alpha": then.alpha, "confidence": then.confidence},
            {"alpha": now.alpha, "confidence": now.confidence},
            "evaluate.",
        ),
    ]


def _changed(then: Mapping[str, Any], now: Mapping[str, Any], head: str) -> Iterator[str]:
    for key in _differing(then, now):
        was, is_now = (json.dumps(one.get(key), ensure_ascii=False) for one in (then, now))
        yield f"{head}{key} (was {was}, is {is_now})"


def _changed_keys(
    then: Mapping[str, Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]], what: str
) -> Iterator[str]:
    """Of contrasts: which one, and in what."""
    for name in _differing(then, now):
        if name not in then or name not in now:
            yield f"{what} {name} ({'declared since' if name in now else 'no longer declared'})"
        else:
            yield from _changed(then[name], now[name], f"{what} {name}, ")


def _differing(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return [key for key in dict.fromkeys([*then, *now]) if then.get(key) != now.get(key)]
