"""The model with its adapters, with which recorded completions are computed again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from stages.common.files import read_records
from stages.common.llm.attention import BRANCHED
from stages.common.llm.bases import Base, load_base_entry, refuse_other_weights
from stages.common.llm.devices import empty_cache, pick_device
from stages.common.llm.loading import add_adapters, load_base, load_tokenizer, using
from stages.common.llm.marks import n_known, text_of
from stages.common.params import load_params
from stages.common.prompts import AskedPrompt, load_asked_prompts
from stages.common.records import CONDITIONS, Completion, Condition, Example
from stages.common.schema import load_schema
from stages.common.seeds import seed_for
from stages.generate.__main__ import Writer
from stages.generate.arms import Arm, all_arms
from stages.generate.params import GenerateParams
from thesis.verify.artifacts import ADAPTERS, PREPARED
from thesis.verify.replay.receipts import Receipt, Recorded
from thesis.verify.replay.records import Expected
from thesis.verify.replay.rows import replay


@dataclass(frozen=True)
class Loaded:
    """What a project's losses and completions follow from, in memory."""

    name: str
    base: Base
    model: Any
    tokenizer: Any
    params: GenerateParams
    writer: Writer
    arms: Sequence[Arm]
    prompts: Sequence[AskedPrompt]

    @cached_property
    def asked(self) -> dict[tuple[str, str], list[int]]:
        """Token ids of each prompt under each arm, in the order of completions."""
        return {
            (arm.name, prompt.id): self.writer.ids(arm, prompt)
            for arm in self.arms
            for prompt in self.prompts
        }

    @cached_property
    def adapter_sha256(self) -> dict[str, str]:
        """Hash of the adapter of each arm that has one."""
        return {arm.name: self.writer.adapter_sha256[arm.adapter] for arm in self.arms if arm.adapter}

    @cached_property
    def n_known(self) -> int:
        return n_known(self.tokenizer)

    def record(self, row: Completion) -> Recorded:
        """The tokens of a completion, and the seed that follows from its arm, prompt and number."""
        seed = seed_for(self.params.seed, row.arm, row.prompt_id, row.draw)
        return Recorded(row.token_ids, row.ended == "eos", seed)

    def expected(self, row: Completion) -> Expected:
        """What the record of a completion must agree with."""
        known = [token for token in row.token_ids if 0 <= token < self.n_known]
        text, adapter = text_of(known, self.tokenizer), self.adapter_sha256.get(row.arm)
        return Expected(self.record(row), adapter, text, self.params.max_new_tokens, self.n_known)

    def unreadable(self, row: Completion) -> str:
        """Why the model cannot read a completion; "" if it can."""
        if (row.arm, row.prompt_id) not in self.asked:
            return "no such arm, or the arm was not asked this prompt"
        if not row.token_ids and row.ended != "eos":
            return "without a token"
        if not all(0 <= token < self.n_known for token in row.token_ids):
            return "with a token that the base does not know"
        return ""

    def receipts(
        self, arm: Arm, rows: Sequence[Completion], slack: float, size: int | None = None
    ) -> Iterator[Receipt]:
        """Receipts of an arm's completions that can be read, prompt by prompt.

        Args:
            slack: of scores, see `leads`.
            size: completions computed together; as many as are drawn together if None.
        """
        rows, size = [row for row in rows if not self.unreadable(row)], size or self.params.batch_size
        grammar = self.writer.grammar if arm.is_constrained else None
        with using(self.model, arm.adapter) as model:
            for prompt in dict.fromkeys(row.prompt_id for row in rows):
                asked, of_prompt = (
                    self.asked[arm.name, prompt],
                    [row for row in rows if row.prompt_id == prompt],
                )
                for start in range(0, len(of_prompt), size):
                    batch = of_prompt[start : start + size]
                    records = [self.record(row) for row in batch]
                    found = replay(
                        model, self.tokenizer, asked, records, self.params, grammar=grammar, slack=slack
                    )
                    yield from map(Receipt, batch, found)
                    empty_cache(model.device)


def load(
    attention: str | None = BRANCHED,
    adapters: Mapping[Condition, Path] = ADAPTERS,
    *,
    dtype: str | None = None,
    params: GenerateParams | None = None,
) -> Loaded:
    """Load the model of the project in the current folder.

    Args:
        attention: "branched" to compute recorded tokens again, None to draw new ones.
        dtype: to compute in; the base's own if None.
        params: how completions are drawn; those of params.yaml if None.

    Raises:
        UserError: the adapters were trained on another base than `base:` names.
    """
    params, schema = params or load_params(GenerateParams, section="generate"), load_schema()
    name, base = load_base_entry()
    base = base.model_copy(update={"dtype": dtype or base.dtype})
    refuse_other_weights(base, adapters.values())
    model = add_adapters(load_base(name, base, pick_device(), attention), adapters)
    tokenizer = load_tokenizer(name, base)
    training = {c: read_records(PREPARED / c / "train.jsonl", Example) for c in CONDITIONS}
    writer = Writer(model, tokenizer, base, schema, params, adapters)
    arms = all_arms(name, training, params)
    return Loaded(name, base, model, tokenizer, params, writer, arms, load_asked_prompts(schema))
