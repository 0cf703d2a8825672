"""Generate profiles: every arm, every asked prompt, every draw.

python -m stages.generate
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from tqdm import tqdm

from stages.common.files import read_records, sha256_of, write_records
from stages.common.llm.bases import Base, load_base_entry, refuse_other_weights
from stages.common.llm.devices import empty_cache, pick_device
from stages.common.llm.grammar import Grammar, grammar_of
from stages.common.llm.kept import Kept, all_batches, computed_with
from stages.common.llm.loading import add_adapters, load_base, load_tokenizer, turned_on, using
from stages.common.llm.ranks import joined
from stages.common.llm.sampling import draw
from stages.common.llm.template import prompt_ids
from stages.common.params import load_params
from stages.common.prompts import AskedPrompt, asked_text, load_asked_prompts
from stages.common.records import CONDITIONS, Completion, Condition, Example
from stages.common.schema import ProfileSchema, load_schema
from stages.common.seeds import seed_for
from stages.generate.arms import Arm, all_arms
from stages.generate.params import GenerateParams
from stages.shell.checked import check_draws
from stages.shell.errors import UserError
from stages.shell.launched import start
from stages.shell.memory import PeakMemory
from stages.shell.rank import is_first
from stages.shell.room import roomy
from stages.shell.runs import recorded
from stages.shell.used import Used
from stages.shell.work import continued

PREPARED = Path("data/prepared")
ADAPTERS = {condition: Path("models/adapters") / condition for condition in CONDITIONS}
GENERATED = Path("data/generated/completions.jsonl")


def main() -> None:
    used, device = Used("generate"), pick_device()
    with recorded("generate", [GENERATED]) as machine, joined(device), PeakMemory(device) as peak:
        params = load_params(GenerateParams, section="generate")
        schema = load_schema()
        prompts = load_asked_prompts(schema)
        name, base = load_base_entry()
        refuse_other_weights(base, ADAPTERS.values())
        training = {c: read_records(PREPARED / c / "train.jsonl", Example) for c in CONDITIONS}
        model = add_adapters(load_base(name, base, device, None), ADAPTERS)
        writer = Writer(model, load_tokenizer(name, base), base, schema, params, ADAPTERS)
        asked = {"asked": [prompt.model_dump() for prompt in prompts]}
        facts = computed_with(name, base, params, device) | asked
        with continued("generate", facts, used) as folder:
            arms = all_arms(name, training, params)
            written = writer.write(arms, prompts, Kept(folder, Completion))
            used.refuse_changes()
            if is_first():
                write_records(GENERATED, written)
        machine |= {"device": device.type, "peak_memory_bytes": peak.bytes}


class Writer:
    """The base in memory, with everything a draw needs."""

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        base: Base,
        schema: ProfileSchema,
        params: GenerateParams,
        adapters: Mapping[Condition, Path],
    ) -> None:
        self.model, self.tokenizer, self.base = model, tokenizer, base
        self.schema, self.params = schema, params
        self.adapter_sha256 = {condition: sha256_of(folder) for condition, folder in adapters.items()}

    def write(
        self, among: Sequence[Arm], prompts: Sequence[AskedPrompt], kept: Kept[Completion]
    ) -> list[Completion]:
        """All draws, arm by arm and prompt by prompt, with a progress bar.

        Several processes share them by batches: some devices' logits depend on the batch.

        Args:
            kept: batches that a killed run drew.

        Raises:
            UserError: before the first draw, if a prompt cannot be asked, an arm needs a grammar and
                there can be none, or the model's own forward pass gives other logits.
        """
        if any(arm.is_constrained for arm in among):
            _ = self.grammar
        asked = [{prompt.id: self.ids(arm, prompt) for prompt in prompts} for arm in among]
        texts = [ids for by_id in asked for ids in by_id.values()]
        check_draws(self.model, texts, self.params.max_new_tokens)
        first = next((arm.adapter for arm in among if arm.adapter), None)
        if first and self.base.dtype == "float32":  # else nothing is folded
            with turned_on(self.model, first):
                check_draws(self.model, texts, self.params.max_new_tokens)
        rows = [
            Row(arm, prompt, number, tuple(ids[prompt]))
            for arm, ids in zip(among, asked, strict=True)
            for prompt in ids
            for number in range(1, self.params.draws + 1)
        ]
        batches = [batch for alike in _grouped(rows) for batch in self._batches(alike)]
        known = [[self._known(row) for row in batch] for batch in batches]
        drawn = all_batches(kept, known, lambda mine: self._write_batches([batches[n] for n in mine]))
        written = dict(zip(chain.from_iterable(batches), chain.from_iterable(drawn), strict=True))
        return [written[row] for row in rows]

    def write_rows(self, rows: Sequence["Row"]) -> Iterator[Completion]:
        """Draws with the same adapter, all with the grammar or all without it, batch by batch."""
        for batch in self._write_alike(self._batches(rows)):
            yield from batch

    def _batches(self, rows: Sequence["Row"]) -> list[Sequence["Row"]]:
        size = self.params.batch_size
        return [rows[start : start + size] for start in range(0, len(rows), size)]

    def _write_batches(self, batches: Sequence[Sequence["Row"]]) -> Iterator[list[Completion]]:
        n_rows = sum(map(len, batches))
        with tqdm(total=n_rows, unit="draw", file=sys.stderr, disable=not is_first()) as bar:
            for _, alike in groupby(batches, key=lambda batch: _kind(batch[0])):
                among = [*alike]
                names = [row.arm.name for batch in among for row in batch]
                bar.set_postfix_str(", ".join(dict.fromkeys(names)))
                for written in self._write_alike(among):
                    yield written
                    bar.update(len(written))

    def _write_alike(self, batches: Sequence[Sequence["Row"]]) -> Iterator[list[Completion]]:
        with using(self.model, batches[0][0].arm.adapter) as model:
            for batch in batches:
                yield self._write_batch(model, batch)
                empty_cache(model.device)

    @cached_property
    def grammar(self) -> Grammar:
        """Grammar of a profile, compiled when it is first needed."""
        return grammar_of(self.schema, self.tokenizer, self.model.config.get_text_config().vocab_size)

    def ids(self, arm: Arm, prompt: AskedPrompt) -> list[int]:
        """The tokens of what an arm is asked; UserError if the base cannot read so many."""
        text = arm.prompt(asked_text(prompt, self.schema))
        ids = prompt_ids(self.tokenizer, self.base.template, text)
        window, n_new = (
            self.model.config.get_text_config().max_position_embeddings,
            self.params.max_new_tokens,
        )
        if len(ids) + n_new > window:
            raise UserError(
                f"{arm.name}, {prompt.id}: the prompt has {len(ids)} tokens, and generate.max_new_tokens is "
                f"{n_new}; the base reads {window} in all\n"
                "Lower generate.max_new_tokens or generate.shots, or shorten the prompt"
            )
        return ids

    @roomy("generate")
    def _write_batch(self, model: Any, rows: Sequence["Row"]) -> list[Completion]:
        """Some draws with the same adapter, computed together."""
        known = [self._known(row) for row in rows]
        seeds = [facts["seed"] for facts in known]
        grammar = self.grammar if rows[0].arm.is_constrained else None
        asked = [row.ids for row in rows]
        drawn = draw(model, self.tokenizer, asked, seeds, self.params, grammar=grammar)
        return [
            Completion(**facts, text=one.text, token_ids=one.token_ids, ended=one.ended)
            for facts, one in zip(known, drawn, strict=True)
        ]

    def _known(self, row: "Row") -> dict[str, Any]:
        """What is known of a completion before it is drawn."""
        arm = row.arm
        return {
            "source": arm.source,
            "condition": arm.condition,
            "prompt_id": row.prompt,
            "draw": row.draw,
            "seed": seed_for(self.params.seed, arm.name, row.prompt, row.draw),
            "adapter_sha256": self.adapter_sha256[arm.adapter] if arm.adapter else None,
        }


@dataclass(frozen=True)
class Row:
    """A draw to be made."""

    arm: Arm
    prompt: str
    draw: int
    ids: tuple[int, ...]
    """The tokens of what the arm is asked."""


def _kind(row: Row) -> tuple[str | None, bool]:
    """Rows of one kind can be computed together: with one adapter, with or without the grammar."""
    return row.arm.adapter, row.arm.is_constrained


def _grouped(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows by kind, the kinds in the order in which they appear."""
    found: dict[tuple[str | None, bool], list[Row]] = {}
    for row in rows:
        found.setdefault(_kind(row), []).append(row)
    return [*found.values()]


if __name__ == "__main__":
    start(main)
