"""A small study about cats: nested, with null, and nothing of the default schema."""

import json
from typing import Any

from stages.common.fields import MISSING, get
from stages.common.pasted import Pasted, Provenance
from stages.common.prompts import AskedPrompt
from stages.common.records import Completion, Condition, Profile, ProfileLoss, TokenLoss
from stages.common.schema import ProfileSchema
from stages.evaluate.cells import Study
from stages.evaluate.declared import Contrast
from stages.evaluate.params import EvaluateParams
from stages.evaluate.references import Scored

CONTRAST = Contrast(
    id="coat-white",
    arm_a="tiny-1.1b+lora/original",
    arm_b="tiny-1.1b+lora/augmented",
    prompt="any-cat",
    statistic="share",
    field="coat",
    level="white",
    primary=True,
)


def contrast(statistic: str, **changes: Any) -> Contrast:
    """Of the same arms, not primary."""
    same = {key: getattr(CONTRAST, key) for key in ("arm_a", "arm_b", "prompt")}
    return Contrast.model_validate({"id": statistic, "statistic": statistic, **same, **changes})


LEXICON = {"rest": frozenset({"sleeps", "dozes"}), "hunt": frozenset({"hunts"})}
PARAMS = EvaluateParams(
    seed=1,
    confidence=0.95,
    min_reference=5,
    max_pairwise=100,
    null_draws=500,
    max_joint_cells=400,
    min_n=4,
    alpha=0.05,
    power=0.8,
    contrasts=[CONTRAST, contrast("valid")],
)
FREE = AskedPrompt(id="any-cat", given={}, template="A cat: {fields}")
INDOOR = AskedPrompt(id="indoor-cat", given={"home.kind": "indoor"}, template="A cat: {fields}")
RARE = AskedPrompt(id="rare-cat", given={"home.kind": "ship"}, template="A cat: {fields}")

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["tag", "coat", "tame", "home", "breed", "mice", "note"],
    "properties": {
        "tag": {"type": "string", "x-role": "identifier"},
        "coat": {"enum": ["black", "white"], "x-role": "protected"},
        "tame": {"type": ["boolean", "null"], "x-role": "protected"},
        "home": {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"enum": ["indoor", "outdoor", "ship"], "x-role": "attribute"}},
        },
        "breed": {"type": "string", "x-role": "attribute"},
        "mice": {"type": ["number", "null"], "minimum": 0, "x-role": "number"},
        "note": {"type": "string", "x-role": "text"},
    },
    "x-rules": [
        {
            "id": "indoor-cats-catch-none",
            "if": {
                "properties": {"home": {"properties": {"kind": {"const": "indoor"}}, "required": ["kind"]}},
                "required": ["home"],
            },
            "then": {"properties": {"mice": {"const": 0}}, "required": ["mice"]},
        }
    ],
    "x-text-rules": [
        {"id": "says-mice", "text": "note", "pattern": "(?P<value>[0-9]+) mice", "equals": "mice"},
        {
            "id": "says-indoor",
            "text": "note",
            "pattern": "indoors?",
            "then": {"properties": {"home": {"properties": {"kind": {"const": "indoor"}}}}},
        },
    ],
}


def cat(**changes: Any) -> Profile:
    """An outdoor cat that fits the schema."""
    profile = {"coat": "black", "tame": True, "home": {"kind": "outdoor"}, "breed": "mix", "mice": 3}
    return {**profile, "note": "sleeps", **changes}


def schema() -> ProfileSchema:
    return ProfileSchema(SCHEMA, "cats.json")


def training() -> list[Profile]:
    """6 black outdoor, 2 white outdoor, 2 white indoor cats; one of the indoor cats breaks the rule."""
    outdoor = [cat(note=f"sleeps {i}") for i in range(6)] + [cat(coat="white", mice=i) for i in range(2)]
    indoor = {"kind": "indoor"}
    return [*outdoor, cat(coat="white", home=indoor, mice=0), cat(coat="white", home=indoor, mice=9)]


def held_out(n: int = 50) -> dict[Condition, list[Profile]]:
    """Cats that no arm has seen, in each condition; as many as a test of memory needs."""
    own = [cat(breed=f"rare {i}", mice=10 + i, note=f"hunts in garden {i}") for i in range(n)]
    return {"original": own, "augmented": [{**one, "coat": "white"} for one in own]}


def losses(
    people: list[Profile], arm: str, data: Condition = "original", nats: float = 0.5
) -> list[ProfileLoss]:
    """`nats` for each field of each person, and 2 for what belongs to no field."""
    paths = [
        [field.path for field in schema().fields if get(person, field.path) is not MISSING]
        for person in people
    ]
    return [
        ProfileLoss(
            source_id=str(i),
            data=data,
            split="test",
            arm=arm,
            nll=nats * len(own) + 2,
            n_tokens=len(own) + 2,
            fields={"": TokenLoss(nll=2, n_tokens=2)}
            | {path: TokenLoss(nll=nats, n_tokens=1) for path in own},
        )
        for i, own in enumerate(paths)
    ]


def scored(
    people: list[Profile], arm: str, data: Condition = "original", nats: float = 0.5, *given: str
) -> list[Scored]:
    found = zip(losses(people, arm, data, nats), people, strict=True)
    return [Scored(loss, person, frozenset(given)) for loss, person in found]


def study(*prompts: AskedPrompt, **changes: Any) -> Study:
    records = {"original": training(), "augmented": [cat(coat="white", note=f"{i}") for i in range(10)]}
    fields: dict[str, Any] = {"schema": schema(), "training": records, "held_out": held_out()}
    fields |= {"params": PARAMS, "lexicon": LEXICON, "scored": scored(training(), "tiny/none")}
    return Study(prompts=prompts or (FREE, INDOOR, RARE), **{**fields, **changes})


def completion(
    text: str | Profile, draw: int = 1, arm: str = "tiny+lora/original", **changes: Any
) -> Completion:
    source, condition = arm.rsplit("/", 1)
    fields: dict[str, Any] = {
        "source": source,
        "condition": condition,
        "prompt_id": FREE.id,
        "draw": draw,
        "seed": draw,
        "text": text if isinstance(text, str) else json.dumps(text),
        "token_ids": [7] * 7,
        "ended": "eos",
        "adapter_sha256": None,
    }
    return Completion(**{**fields, **changes})


def draws(*texts: str | Profile, **changes: Any) -> list[Completion]:
    return [completion(text, draw, **changes) for draw, text in enumerate(texts, start=1)]


def pasted(text: str, draw: int = 1, **changes: Any) -> Pasted:
    """A draw of a chat page, from one conversation."""
    fields = {
        "source": "claude",
        "condition": "original",
        "prompt_id": FREE.id,
        "draw": draw,
        "text": text,
        "conversation": "first",
        "ended": "closed",
        "around": "",
        "file": "data/external/claude/original/any-cat/01.md",
        "provenance": Provenance(),
    }
    return Pasted.model_validate(fields | changes)
