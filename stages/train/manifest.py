"""Manifest of an adapter: what it was made from, and therefore which base it fits."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stages.common.files import sha256_of
from stages.common.llm.bases import LABELS, identity, load_base_entry
from stages.common.params import load_params
from stages.train.params import TrainParams

PREPARED = Path("data/prepared")
SPLITS = ("train", "validation")
"""Splits that a training reads. It never sees the test split."""
OF_THE_BASE = {"dtype", "quantization", "template"} | LABELS
"""Keys of a base that say what an adapter fits and what may be done with both; none is a local path."""


def manifest_of(condition: str, seed: int) -> dict[str, Any]:
    """Current hashes of base and data, and the current parameters."""
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
