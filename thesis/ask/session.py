"""Keep the base and both adapters in memory, to ask them as often as you like."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any

from stages.common.llm.bases import Base
from stages.common.llm.devices import empty_cache
from stages.common.llm.loading import using
from stages.common.llm.products import folded
from stages.common.llm.sampling import SamplingParams, draw
from stages.common.llm.template import prompt_ids
from stages.common.llm.written import Drawn, Watch
from stages.common.records import CONDITIONS, Condition
from stages.common.schema import ProfileSchema
from stages.generate.arms import Arm, constrained
from stages.generate.params import GenerateParams
from stages.shell.errors import UserError
from thesis.ask.answers import Answer, row_seed
from thesis.ask.card import card_of
from thesis.ask.labels import check_labels, label_of
from thesis.ask.prompts import Prompt
from thesis.ask.settings import Settings


@dataclass
class Session:
    """The arms that can be asked, from any thread; one draw is computed at a time.

    `thesis.ask.loading.open_session` opens one on the project's folder.
    """

    base_name: str
    base: Base
    model: Any
    tokenizer: Any
    schema: ProfileSchema
    params: GenerateParams
    asked: Sequence[Prompt]
    """The prompts of data/prompts.yaml."""
    adapter_sha256: dict[Condition, str]
    """Hash of each available adapter."""
    notices: list[str]
    """Reasons why arms are missing."""
    _lock: Lock = field(default_factory=Lock, repr=False)

    @property
    def columns(self) -> list[Arm]:
        """The base alone, then the base with each available adapter."""
        tuned = [Arm(f"{self.base_name}+lora", c, adapter=c) for c in CONDITIONS if c in self.adapter_sha256]
        return [Arm(self.base_name, "none"), *tuned]

    @property
    def settings(self) -> Settings:
        """The pipeline's settings with one draw: draw 1 is then the first of `generate`'s."""
        taken = self.params.model_dump(include={*SamplingParams.model_fields, "seed"})
        return Settings.model_validate(taken | {"draws": 1, "first_draw": 1, "constrained": False})

    def chosen(self, labels: Sequence[str]) -> list[Arm]:
        """The columns with these labels, all if no label is given; UserError names a missing one."""
        check_labels(labels)
        known = [label_of(arm) for arm in self.columns]
        for label in labels:
            if label not in known:
                raise UserError("\n".join([f"--arm {label}: this adapter is missing", *self.notices]))
        return [arm for arm in self.columns if not labels or label_of(arm) in labels]

    def answers(
        self, arm: Arm, prompt: Prompt, settings: Settings, watch: Watch | None = None
    ) -> list[Answer]:
        """Draw as `stream` does, and read each draw as a card."""
        drawn = self.stream(arm, prompt.id, prompt.text, settings, watch)
        numbers = zip(settings.numbers, drawn, strict=True)
        return [self.answer(arm, prompt, settings, number, one) for number, one in numbers]

    def answer(self, arm: Arm, prompt: Prompt, settings: Settings, number: int, drawn: Drawn) -> Answer:
        """A text that an arm wrote, read as a card."""
        sha256 = self.adapter_sha256.get(arm.adapter) if arm.adapter else None
        card = card_of(drawn.text, self.schema)
        return Answer(self.base_name, arm_under(settings, arm), sha256, prompt, settings, number, drawn, card)

    def stream(
        self, arm: Arm, prompt_id: str, text: str, settings: Settings, watch: Watch | None = None
    ) -> list[Drawn]:
        """All draws of one arm. With the pipeline's settings they equal those of `generate`.

        Raises:
            UserError: if the prompt is too long for the base.
        """
        arm = arm_under(settings, arm)
        ids = self._ids(text, settings)
        seeds = [row_seed(settings, arm, prompt_id, number) for number in settings.numbers]
        grammar = self._grammar if settings.constrained else None
        done: list[Drawn] = []
        with self._lock, self._speaking_as(arm) as model:
            for start in range(0, len(seeds), self.params.batch_size):
                some = seeds[start : start + self.params.batch_size]
                seen = _after([*done], watch)
                prompts = [ids] * len(some)
                done += draw(model, self.tokenizer, prompts, some, settings, grammar=grammar, watch=seen)
                empty_cache(model.device)
        return done

    def _ids(self, text: str, settings: Settings) -> list[int]:
        ids = prompt_ids(self.tokenizer, self.base.template, text)
        longest = self.model.config.get_text_config().max_position_embeddings - settings.max_new_tokens
        if len(ids) > longest:
            raise UserError(
                f"The prompt has {len(ids)} tokens; {self.base_name} can read {max(longest, 0)} of them "
                f"before an answer of up to {settings.max_new_tokens} (max_new_tokens)\nShorten the prompt"
            )
        return ids

    @contextmanager
    def _speaking_as(self, arm: Arm) -> Iterator[Any]:
        if not self.adapter_sha256:  # the plain base, without peft around it
            with folded(self.model):
                yield self.model
        else:
            with using(self.model, arm.adapter) as model:
                yield model

    @cached_property
    def _grammar(self) -> Any:
        from stages.common.llm.grammar import grammar_of  # needs an extra

        return grammar_of(self.schema, self.tokenizer, self.model.config.get_text_config().vocab_size)


def arm_under(settings: Settings, arm: Arm) -> Arm:
    """The arm under which `generate` draws and seeds with these settings."""
    return constrained(arm) if settings.constrained and not arm.is_constrained else arm


def _after(done: list[Drawn], watch: Watch | None) -> Watch | None:
    """A watch of one batch that passes on all draws."""
    return watch and (lambda drawn: watch([*done, *drawn]))
