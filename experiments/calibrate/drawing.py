"""Draw many completions of every training run, kept batch by batch under .work/calibrate/."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from experiments.calibrate.training import HOME, Pair
from stages.common.files import read_records, sha256_of, write_records
from stages.common.llm.bases import load_base_entry
from stages.common.llm.devices import pick_device
from stages.common.llm.loading import add_adapters, load_base, load_tokenizer
from stages.common.prompts import AskedPrompt, asked_text
from stages.common.records import CONDITIONS, Completion
from stages.common.schema import ProfileSchema
from stages.common.seeds import seed_for
from stages.generate.__main__ import Row, Writer
from stages.generate.arms import Arm
from stages.generate.params import GenerateParams
from stages.shell.checked import check_draws
from stages.shell.work import fingerprint


@dataclass(frozen=True)
class Batch:
    """Draws of one arm that are computed together, and their file."""

    arm: Arm
    numbers: range
    file: Path

    @property
    def done(self) -> bool:
        return self.file.exists()


class Drawing:
    """The draws of one pair of training runs."""

    def __init__(
        self, pair: Pair, prompt: AskedPrompt, schema: ProfileSchema, params: GenerateParams
    ) -> None:
        self.folders = {condition: run.folder for condition, run in pair.items()}
        seeds = [run.seed for run in pair.values()]
        # noise that neither the pipeline's draws nor another pair's draws have
        self.params = params.model_copy(update={"seed": seed_for(params.seed, "calibrate", *seeds)})
        self.prompt, self.schema = prompt, schema
        self.name, self.base = load_base_entry()

    def write(self, batch: Batch) -> None:
        ids = tuple(self._writer.ids(batch.arm, self.prompt))
        rows = [Row(batch.arm, self.prompt.id, number, ids) for number in batch.numbers]
        write_records(batch.file, [*self._writer.write_rows(rows)])

    def completions(self) -> list[Completion]:
        return [row for batch in self.batches for row in read_records(batch.file, Completion)]

    @cached_property
    def batches(self) -> list[Batch]:
        """The draws of both arms; their adapters must have been trained."""
        folder = HOME / "drawn" / fingerprint("generate", self._facts())
        arms = [Arm(f"{self.name}+lora", condition, adapter=condition) for condition in CONDITIONS]
        return [
            Batch(arm, numbers, folder / _file(arm, numbers)) for arm in arms for numbers in self._numbers()
        ]

    def _numbers(self) -> Iterator[range]:
        for start in range(1, self.params.draws + 1, self.params.batch_size):
            yield range(start, min(start + self.params.batch_size, self.params.draws + 1))

    def _facts(self) -> dict[str, Any]:
        return {
            "adapters": {condition: sha256_of(folder) for condition, folder in self.folders.items()},
            "base": self.base.settings(),
            "parameters": self.params.model_dump(exclude={"draws", "shots"}),
            "prompt": asked_text(self.prompt, self.schema),
        }

    @cached_property
    def _writer(self) -> Writer:
        model = add_adapters(load_base(self.name, self.base, pick_device(), None), self.folders)
        tokenizer = load_tokenizer(self.name, self.base)
        writer = Writer(model, tokenizer, self.base, self.schema, self.params, self.folders)
        asked = writer.ids(self.batches[0].arm, self.prompt)
        check_draws(model, [asked], self.params.max_new_tokens)
        return writer


def _file(arm: Arm, numbers: range) -> str:
    return f"{arm.condition}-{numbers[0]:04}-{numbers[-1]:04}.jsonl"
