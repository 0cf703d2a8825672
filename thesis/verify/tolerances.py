"""Tolerances of the tiers, from tolerances.yaml beside this file."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from pydantic import Field, PositiveFloat, PositiveInt

from stages.common.params import Params, load_params

if TYPE_CHECKING:
    from stages.common.llm.bases import Base

FILE = Path(__file__).with_name("tolerances.yaml")
Computed: TypeAlias = Literal["float32", "bfloat16"]


class ReceiptTolerances(Params):
    """The section `receipts`."""

    logits: dict[Computed, PositiveFloat]
    """Largest change of a difference between two tokens' logits."""
    losses: dict[Computed, PositiveFloat]
    """Largest change of a loss, in nats per token."""


class DiceParams(Params):
    """The section `dice`."""

    draws: PositiveInt
    """New completions of each arm and prompt that is tested."""
    level: float = Field(gt=0, lt=1)
    """Family-wise chance of calling an honest share too different."""
    power: float = Field(gt=0, lt=1)
    """Chance from which on a forgery counts as caught."""


class TrainingTolerances(Params):
    """The section `training`."""

    loss: PositiveFloat
    """Largest change of a loss after training again, in nats per token."""
    logits: PositiveFloat
    """Largest change of a difference between two tokens' logits."""


def receipt_tolerances() -> ReceiptTolerances:
    return load_params(ReceiptTolerances, "receipts", FILE)


def dice_params() -> DiceParams:
    return load_params(DiceParams, "dice", FILE)


def training_tolerances() -> TrainingTolerances:
    return load_params(TrainingTolerances, "training", FILE)


def computed_in(base: "Base") -> Computed:
    """The dtype that a base computes in; NF4 weights are unpacked to it."""
    return "float32" if base.dtype == "float32" else "bfloat16"
