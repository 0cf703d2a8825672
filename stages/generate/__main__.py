"""Generate profiles: every arm, every asked prompt, every draw.

python -m stages.generate
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from stages.common.errors import run
from stages.common.files import read_records, sha256_of, write_records
from stages.common.llm.bases import Base, load_base_entry
from stages.common.llm.devices import empty_cache, peak_memory_bytes, pick_device
from stages.common.llm.loading import add_adapters, load_base, load_tokenizer, using
from stages.common.llm.sampling import draw
from stages.common.llm.template import prompt_ids
from stages.common.params import load_params
from stages.common.prompts import AskedPrompt, asked_text, load_asked_prompts
from stages.common.records import CONDITIONS, Completion, Example
from stages.common.runs import recorded
from stages.common.schema import ProfileSchema, load_schema
from stages.common.seeds import seed_for
from stages.generate.arms import Arm, arms
from stages.generate.params import GenerateParams

PREPARED = Path("data/prepared")
ADAPTERS = {condition: Path("models/adapters") / condition for condition in CONDITIONS}
GENERATED = Path("data/generated/completions.jsonl")


def main() -> None:
    params = load_params(GenerateParams, section="generate")
    schema = load_schema()
    prompts = load_asked_prompts(schema)
    name, base = load_base_entry()
    training = {c: read_records(PREPARED / c / "train.jsonl", Example) for c in CONDITIONS}
    device = pick_device()
    with recorded("generate", outputs=[GENERATED]) as machine:
        model = add_adapters(load_base(name, base, device, "sdpa"), ADAPTERS)
        writer = Writer(model, load_tokenizer(name, base), base, schema, params)
        written = writer.write(arms(name, training, params.shots, params.seed), prompts)
        write_records(GENERATED, written)
        machine |= {"device": str(device), "peak_memory_bytes": peak_memory_bytes(device)}


class Writer:
    """The base in memory, with everything a draw needs."""

    def __init__(
        self, model: Any, tokenizer: Any, base: Base, schema: ProfileSchema, params: GenerateParams
    ) -> None:
        self.model, self.tokenizer, self.base = model, tokenizer, base
        self.schema, self.params = schema, params
        self.adapter_sha256 = {name: sha256_of(folder) for name, folder in ADAPTERS.items()}

    def write(self, among: Sequence[Arm], prompts: Sequence[AskedPrompt]) -> list[Completion]:
        """All draws, arm by arm and prompt by prompt, with a progress bar."""
        n_draws = len(among) * len(prompts) * self.params.draws
        written = []
        with tqdm(total=n_draws, unit="draw", file=sys.stderr) as bar:
            for arm in among:
                bar.set_postfix_str(arm.name)
                for completion in self._write_arm(arm, prompts):
                    written.append(completion)
                    bar.update()
        return written

    def _write_arm(self, arm: Arm, prompts: Sequence[AskedPrompt]) -> Iterator[Completion]:
        with using(self.model, arm.adapter) as model:
            for prompt in prompts:
                text = arm.prompt(asked_text(prompt, self.schema))
                ids = prompt_ids(self.tokenizer, self.base.template, text)
                for start in range(1, self.params.draws + 1, self.params.batch_size):
                    numbers = range(start, min(start + self.params.batch_size, self.params.draws + 1))
                    yield from self._write_batch(model, arm, prompt.id, ids, numbers)

    def _write_batch(
        self, model: Any, arm: Arm, prompt_id: str, ids: list[int], numbers: Sequence[int]
    ) -> Iterator[Completion]:
        seeds = [seed_for(self.params.seed, arm.name, prompt_id, number) for number in numbers]
        drawn = draw(model, self.tokenizer, ids, seeds, self.params)
        for number, seed, one in zip(numbers, seeds, drawn, strict=True):
            yield Completion(
                source=arm.source,
                condition=arm.condition,
                prompt_id=prompt_id,
                draw=number,
                seed=seed,
                text=one.text,
                n_tokens=one.n_tokens,
                ended=one.ended,
                adapter_sha256=self.adapter_sha256[arm.adapter] if arm.adapter else None,
            )
        empty_cache(model.device)


if __name__ == "__main__":
    run(main)
