"""The same work on every computer: made-up records, and settings that no params.yaml changes.

No data of the person who measures is read, so none can be in the result, and results of different
computers can be compared.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from stages.common.files import read_json
from stages.common.llm.bases import BASES, Base
from stages.common.params import parse, read_yaml
from stages.common.records import Example, one_line
from stages.common.seeds import seed_for
from stages.shell.errors import UserError
from stages.train.params import LoraParams, TrainParams

N_STEPS, BATCH, N_DRAWS = 20, 4, 20
N_VALIDATED = 8
"""First records whose loss is computed before and after training."""
SEED = 1
LORA = LoraParams(rank=16, alpha=32, dropout=0.0, targets="all-linear")
TRAINING = TrainParams(
    steps=N_STEPS,
    batch_size=BATCH,
    records_per_pack=BATCH,
    max_length=1024,
    learning_rate=5e-4,
    schedule="constant",
    warmup_steps=0,
    weight_decay=0.0,
    max_grad_norm=1e9,  # never reached: mlx-lm does not scale gradients down
    lora=LORA,
    evaluate_every=N_STEPS,
    validation_records=None,
    early_stopping=None,
)
MAX_NEW_TOKENS = 96
RECORDS, INITIAL, ADAPTER, ORDER = "records.jsonl", "initial.safetensors", "adapter", "order.json"
"""Names in the folder that the parts of one base share."""

FIELDS: Mapping[str, str] = {
    "age": "integer",
    "sex": "female | male",
    "coat": "black | white | tabby | tortoiseshell",
    "length": "short | long | none",
    "weight": "integer | null",
    "home": "flat | house | farm | shelter",
    "outdoors": "yes | no",
    "neutered": "yes | no",
    "meals": "integer",
    "food": "dry food | wet food | what it catches",
    "temper": "shy | calm | curious | bold",
    "litter": "integer | null",
    "summary": "string",
}
PROMPT = "\n".join(
    [
        "Write the profile of one cat living in a town by the sea as one JSON object with these fields:",
        *(f"{field}: {kind}" for field, kind in FIELDS.items()),
        "Weight is in kilograms, meals are per day, litter is the number of its kittens; null if unknown.",
        "The summary is one short sentence. Answer with the JSON object alone, on one line.",
    ]
)


def examples() -> Iterator[Example]:
    """The records of all steps, each seen once."""
    rng = Random(SEED)
    for number in range(N_STEPS * BATCH):
        cat = {field: _value(kind, rng) for field, kind in FIELDS.items()}
        cat["summary"] = (
            f"This {cat['temper']} {cat['coat']} cat lives in a {cat['home']} and is {cat['age']}."
        )
        asked = f"{PROMPT}\n{rng.choice(['It can be any cat.', 'The cat is ' + str(cat['age']) + '.'])}"
        yield Example(source_id=f"cat-{number}", prompt_id="cat", prompt=asked, completion=one_line(cat))


def seeds() -> list[int]:
    """Seeds of the draws' noise."""
    return [seed_for("bench-mac", number) for number in range(N_DRAWS)]


def base_named(name: str) -> Base:
    """An entry of models/bases.yaml, whatever `base:` in params.yaml names."""
    entries = read_yaml(BASES)
    if name not in entries:
        raise UserError(f"{BASES}: no entry {name!r}\nRestore it: git checkout {BASES}")
    return parse(Base, entries[name], f"{BASES}: {name}")


def read_order(folder: Path) -> Any:
    """What the first training left for others to repeat it; see `parts.train`."""
    return read_json(folder / ORDER)


def speed(times: list[float], lengths: list[int], order: list[list[int]]) -> dict[str, float]:
    """Speed of all steps but the first, which warms up.

    Tokens are counted as a person would: prompt and completion of every record.

    >>> speed([0.0, 2.0, 3.0], [5, 5, 6], [[0], [1], [2]])
    {'seconds_per_step': 1.5, 'tokens_per_second': 3.67}
    """
    seconds = [later - earlier for earlier, later in pairwise(times)]
    n_tokens = sum(lengths[row] for rows in order[1:] for row in rows)
    return {
        "seconds_per_step": round(median(seconds), 4),
        "tokens_per_second": round(n_tokens / sum(seconds), 2),
    }


def _value(kind: str, rng: Random) -> int | str | None:
    if kind.startswith("integer"):
        return None if "null" in kind and rng.random() < 0.2 else rng.randint(1, 12)
    return rng.choice(kind.split(" | "))
