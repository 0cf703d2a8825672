"""The manifest of an adapter: what it was made from, and so which base it fits."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stages.common.files import sha256_of
from stages.common.llm.bases import LABELS, identity, load_base_entry
from stages.common.params import load_params
from stages.train.params import TrainParams

PREPARED = Path("data/prepared")
SPLITS = ("train", "validation")
"""What a training reads; the test split is kept from it."""
OF_THE_BASE = {"dtype", "quantization", "template"} | LABELS
"""What an adapter fits, and what may be done with both; no path of this computer."""


def manifest_of(condition: str, seed: int) -> dict[str, Any]:
    """Hashes of base and data, and the parameters, as they stand now."""
    name, base = load_base_entry()
    params = load_params(TrainParams, section="train.common")
    return {
        "base": {"name": name, "identity": identity(base)} | base.model_dump(include=OF_THE_BASE),
        "condition": condition,
        "data_sha256": {split: sha256_of(PREPARED / condition / f"{split}.jsonl") for split in SPLITS},
        "parameters": {"common": params.model_dump(), "seed": seed},
    }


def unlabeled(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest without the base's labels: a corrected licence text makes no adapter outdated."""
    base = {key: value for key, value in manifest["base"].items() if key not in LABELS}
    return {**manifest, "base": base}
