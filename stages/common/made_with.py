"""Settings that a calibration was made with. Its claims hold for these and no others."""

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
"""Parts of the schema that say what profiles hold and what must fit together."""
_LABELS = {"licence", "may_be_passed_on"}
"""Keys of a manifest's base that say what may be done with it: they change no adapter."""


class _Facts(Params):
    """Some keys of a section; the others are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class SamplingFacts(_Facts):
    """Keys of the section `generate` that say how tokens are drawn."""

    temperature: float
    top_p: float
    top_k: int | None
    max_new_tokens: int
    constrained: bool


class ContrastFacts(_Facts):
    """Keys of an entry of evaluate.contrasts that define its question."""

    id: str
    arm_a: str
    arm_b: str
    prompt: str
    statistic: str
    field: str | None = None
    level: Any = None
    attribute: str | None = None


class MadeWith(Record):
    """What a calibration depends on, besides its own draws."""

    adapter_sha256: dict[str, str]
    """sha256 by arm: the pipeline's adapters, the first training run of each. Another machine rounds
    otherwise and gives other bytes, so a difference is told and refuses nothing."""
    trained_from: dict[str, str]
    """sha256 by arm of what the adapter was trained from: base, data and parameters, the same everywhere."""
    contrasts: dict[str, dict[str, Any]]
    """Declared contrasts between those arms, by id."""
    prompts: dict[str, str]
    """sha256 of the text that was asked, by id."""
    schema_sha256: str
    """sha256 of fields and x-rules."""
    sampling: dict[str, Any]
    alpha: float
    confidence: float


def made_with(
    adapter_sha256: Mapping[str, str],
    trained_from: Mapping[str, str],
    contrasts: Sequence[ContrastFacts],
    asked: Sequence[AskedPrompt],
    schema: ProfileSchema,
    sampling: SamplingFacts,
    *,
    base: str,
    alpha: float,
    confidence: float,
) -> MadeWith:
    """The current settings; `base` replaces `<base>` in the names of arms."""
    named = [
        one.model_copy(update={key: getattr(one, key).replace(BASE, base) for key in ("arm_a", "arm_b")})
        for one in contrasts
    ]
    kept = [one for one in named if {one.arm_a, one.arm_b} <= {*adapter_sha256}]
    texts = {one.id: asked_text(one, schema) for one in asked}
    return MadeWith(
        adapter_sha256=dict(adapter_sha256),
        trained_from=dict(trained_from),
        contrasts={one.id: json.loads(one.model_dump_json()) for one in kept},
        prompts={one.prompt: sha256(texts[one.prompt]) for one in kept if one.prompt in texts},
        schema_sha256=sha256(json.dumps([schema.node.get(part) for part in _PARTS], sort_keys=True)),
        sampling=sampling.model_dump(),
        alpha=alpha,
        confidence=confidence,
    )


def origin_sha256(manifest: Mapping[str, Any]) -> str:
    """sha256 of what an adapter's manifest says of its training, without the base's labels."""
    base = {key: value for key, value in manifest["base"].items() if key not in _LABELS}
    return sha256(json.dumps({**manifest, "base": base}, sort_keys=True))


def facts_of(contrast: BaseModel) -> ContrastFacts:
    return ContrastFacts.model_validate(contrast.model_dump())


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def changes(then: MadeWith, now: MadeWith) -> list[str]:
    """Sentences about what has changed; [] if a calibration made with `then` still holds."""
    levels = {"alpha", "confidence"}
    return [
        *(["the base, data or settings of the adapters"] if then.trained_from != now.trained_from else []),
        *_changed_contrasts(then.contrasts, now.contrasts),
        *(f"the text of the prompt {key}" for key in _differing(then.prompts, now.prompts)),
        *(["fields or rules of the schema"] if then.schema_sha256 != now.schema_sha256 else []),
        *_changed(then.sampling, now.sampling, "generate."),
        *_changed(then.model_dump(include=levels), now.model_dump(include=levels), "evaluate."),
    ]


def _changed(then: Mapping[str, Any], now: Mapping[str, Any], head: str) -> Iterator[str]:
    for key in _differing(then, now):
        was, is_now = (json.dumps(one.get(key), ensure_ascii=False) for one in (then, now))
        yield f"{head}{key} (was {was}, is {is_now})"


def _changed_contrasts(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Sentences about which contrasts changed, and in what."""
    for name in _differing(then, now):
        if name not in then or name not in now:
            yield f"the contrast {name} ({'declared since' if name in now else 'no longer declared'})"
        else:
            yield from _changed(then[name], now[name], f"the contrast {name}, ")


def _differing(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return [key for key in dict.fromkeys([*then, *now]) if then.get(key) != now.get(key)]
