"""The params that the report reads: confidences, thresholds, sources and the base."""

from pathlib import Path
from typing import Any

from pydantic import ConfigDict, Field

from stages.common.made_with import ContrastFacts
from stages.common.params import Params, load_base_name, parse, read_yaml
from stages.shell.errors import UserError

BASES = Path("models/bases.yaml")


class PartialParams(Params):
    """A section of params.yaml of which the report reads some keys."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class IntervalParams(PartialParams):
    """A section with intervals; the report ignores its other keys."""

    confidence: float = Field(gt=0, lt=1)
    """In [0, 1]: 0.95 leaves 2.5 % on either side."""


class ThresholdParams(IntervalParams):
    """The keys of the section `evaluate` that the report reads."""

    alpha: float = Field(gt=0, lt=1)
    """A declared contrast is found if its adjusted p-value is at most this."""
    power: float = Field(gt=0, lt=1)
    """The chance of detecting the smallest differences that the report names."""
    contrasts: list[ContrastFacts]
    """The contrasts declared now: a calibration of others does not count."""


class SourcesParams(PartialParams):
    """The keys of the section `collect` that the report reads."""

    sources: list[str]
    """Chat pages whose answers the study wants."""


class BaseEntry(PartialParams):
    """The part of an entry of models/bases.yaml that the page shows."""

    origin: dict[str, str]
    licence: str
    may_be_passed_on: bool
    template: str
    dtype: str
    quantization: str
    gradient_checkpointing: bool


def load_base_facts() -> tuple[str, BaseEntry]:
    """The base of params.yaml and its entry in models/bases.yaml, where a dot in a name nests one level."""
    name = load_base_name()
    entry: Any = read_yaml(BASES)
    for key in name.split("."):
        if not isinstance(entry, dict) or key not in entry:
            raise UserError(f"{BASES}: no entry {name!r} (base: in params.yaml)")
        entry = entry[key]
    return name, parse(BaseEntry, entry, f"{BASES}: {name}")
