"""A session without a model: every arm recites a text, letter by letter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from stages.common.llm.written import Drawn
from stages.common.params import load_params
from stages.common.schema import ProfileSchema
from stages.generate.arms import Arm
from stages.generate.params import GenerateParams
from tests.tiny import ROOT
from thesis.ask.prompts import Prompt
from thesis.ask.session import Session
from thesis.ask.settings import Settings

SCHEMA = ProfileSchema(
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["town", "job", "about"],
        "properties": {
            "town": {"type": "string", "enum": ["north", "south"], "x-role": "protected"},
            "job": {
                "type": "object",
                "required": ["has"],
                "properties": {
                    "has": {"type": "string", "enum": ["yes", "no"], "x-role": "attribute"},
                    "hours": {"type": ["integer", "null"], "x-role": "number"},
                },
            },
            "about": {"type": "string", "x-role": "text"},
        },
        "x-rules": [
            {
                "id": "hours-need-a-job",
                "description": "No hours without a job.",
                "if": {
                    "properties": {
                        "job": {"properties": {"hours": {"type": "integer"}}, "required": ["hours"]}
                    }
                },
                "then": {"properties": {"job": {"properties": {"has": {"const": "yes"}}}}},
            }
        ],
        "x-text-rules": [
            {
                "id": "says-jobless",
                "text": "about",
                "pattern": "jobless",
                "then": {"properties": {"job": {"properties": {"has": {"const": "no"}}}}},
            }
        ],
    }
)
GOOD = '{"town": "north", "job": {"has": "yes", "hours": 40}, "about": "Works."}'
ASKED = [Prompt("free", "Write a person.\nAnyone."), Prompt("north", "Write a person.\nFrom the north.")]


@dataclass
class Reciting(Session):
    """Draw n of an arm is the arm's text, with n in place of `#`."""

    texts: dict[str, str] = field(default_factory=dict)
    """By the arm's name."""
    calls: list[tuple[str, str, str, Settings]] = field(default_factory=list)
    on_token: Callable[[], None] = lambda: None

    def stream(
        self, arm: Arm, prompt_id: str, text: str, settings: Settings, watch: Any = None
    ) -> list[Drawn]:
        self.calls.append((arm.name, prompt_id, text, settings))
        texts = [self.texts[arm.name].replace("#", str(number)) for number in settings.numbers]
        for i in range(1, max(map(len, texts)) + 1, 20):
            self.on_token()
            if watch:
                watch([Drawn(one[:i], [*range(-(-i // 20))], "length") for one in texts])
        return [Drawn(one, [*range(len(one.split()))], "eos") for one in texts]


def reciting(texts: Sequence[str] = (GOOD, GOOD, GOOD), **changes: Any) -> Reciting:
    """The texts of base, original and augmented."""
    plain: dict[str, Any] = {
        "base_name": "tiny",
        "base": None,
        "model": None,
        "tokenizer": None,
        "schema": SCHEMA,
        "params": load_params(GenerateParams, "generate", ROOT / "params.yaml"),
        "asked": ASKED,
        "adapter_sha256": {"original": "a" * 64, "augmented": "b" * 64},
        "notices": [],
    }
    names = ["tiny/none", "tiny+lora/original", "tiny+lora/augmented"]
    return Reciting(**(plain | changes), texts=dict(zip(names, texts, strict=True)))
