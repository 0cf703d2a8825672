"""One stage's work on random weights, in a process of its own: benchmarks.memory starts it.

python -m benchmarks.peaks write|measure FOLDER CONFIGURATION
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset, disable_progress_bars

import stages.common.llm  # noqa: F401 -- before torch
from benchmarks.memory import RANK, SHAPES, Configuration
from stages.common.files import write_json
from stages.common.llm.attention import BRANCHED
from stages.common.llm.bases import Base
from stages.common.llm.loading import add_adapters, load_base, using
from stages.common.llm.loss import token_nll
from stages.common.llm.sampling import SamplingParams, draw
from stages.common.records import CONDITIONS
from stages.shell.checked import check_draws, check_losses
from stages.shell.estimate import estimate
from stages.shell.runs import peak_resident_bytes
from stages.train.__main__ import fit
from stages.train.adapter import save_adapter
from stages.train.lora import with_lora
from stages.train.params import LoraParams, TrainParams
from stages.train.tokens import pack_of, pairs
from thesis.doctor.measuring import NoText
from thesis.doctor.random_weights import write_random
from thesis.doctor.shapes import Shape

CPU = torch.device("cpu")
ADAPTER = "adapter"
LORA = LoraParams(rank=RANK, alpha=32, dropout=0.0, targets="all-linear")


def main() -> None:
    """Print the bytes at the peak of this process."""
    step, folder, configuration = sys.argv[1:]
    one = Configuration(**json.loads(configuration))
    base = one.entry(Path(folder))
    if step == "write":
        write(SHAPES[one.shape], base, Path(folder))
    else:
        {"train": train, "score": score, "generate": generate}[one.stage](
            base, one.records, one.prompt, one.completion
        )
    print(peak_resident_bytes())


def write(shape: Shape, base: Base, folder: Path) -> None:
    """The base in `folder`, and an adapter within it."""
    write_random(shape, folder, base.dtype)
    write_json(folder / "tokenizer.json", {})  # a folder without one is no base
    plain = base.model_copy(update={"quantization": "none"})
    save_adapter(with_lora(load_base("random", plain, CPU, "sdpa"), LORA, 1, False), {}, {}, folder / ADAPTER)


def params(n_records: int) -> TrainParams:
    return TrainParams(
        steps=1,
        batch_size=n_records,
        records_per_pack=n_records,
        max_length=4096,
        learning_rate=1e-3,
        schedule="constant",
        warmup_steps=0,
        weight_decay=0.0,
        max_grad_norm=1.0,
        lora=LORA,
        evaluate_every=1,
        validation_records=None,
        early_stopping=None,
    )


def rows(n_records: int, n_prompt: int, n_completion: int, vocabulary: int) -> Dataset:
    """Records that share their prompt."""
    ids = torch.arange(3, 3 + n_prompt + n_completion).remainder(vocabulary).tolist()
    return Dataset.from_list([{"prompt_ids": ids[:n_prompt], "completion_ids": ids[n_prompt:]}] * n_records)


def train(base: Base, n_records: int, n_prompt: int, n_completion: int) -> None:
    disable_progress_bars()
    model = with_lora(load_base("random", base, CPU, BRANCHED), LORA, 1, base.gradient_checkpointing)
    data = rows(n_records, n_prompt, n_completion, model.config.vocab_size)
    splits = {"train": data, "validation": data}
    check_losses(model, pairs(data))
    estimate(model, params(n_records), splits)
    with tempfile.TemporaryDirectory() as work:
        fit(model, params(n_records), 1, splits, Path(work) / "checkpoints")
        save_adapter(model, {}, {}, Path(work) / "adapter")


def score(base: Base, n_records: int, n_prompt: int, n_completion: int) -> None:
    model = _with_adapters(base, BRANCHED)
    data = rows(n_records, n_prompt, n_completion, model.config.vocab_size)
    check_losses(model, pairs(data))
    for adapter in (None, *CONDITIONS):
        with using(model, adapter), torch.no_grad():
            token_nll(model, pack_of(data, 0, n_records))


def generate(base: Base, n_records: int, n_prompt: int, n_completion: int) -> None:
    model = _with_adapters(base, "sdpa")
    prompts = [[*range(5, 5 + n_prompt)]] * n_records
    check_draws(model, prompts, n_completion)
    sampling = SamplingParams(temperature=1.0, top_p=1.0, top_k=None, max_new_tokens=n_completion)
    for adapter in (None, *CONDITIONS):
        with using(model, adapter):
            draw(model, NoText(), prompts, list(range(n_records)), sampling)


def _with_adapters(base: Base, attention: str) -> Any:
    folder = Path(getattr(base.origin, "path", "")) / ADAPTER
    return add_adapters(load_base("random", base, CPU, attention).eval(), dict.fromkeys(CONDITIONS, folder))


if __name__ == "__main__":
    main()
