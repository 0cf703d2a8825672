"""The sections `train.common` and `train.<condition>` of params.yaml."""

from typing import Literal

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt, model_validator

from stages.common.params import Params


class LoraParams(Params):
    """Low-rank adaptation, Hu et al. 2021, section 4.1."""

    rank: PositiveInt
    """r of the update W + (alpha / r) B A."""
    alpha: PositiveInt
    """Numerator of the update's scale."""
    dropout: float = Field(ge=0, lt=1)
    """Dropout on the adapter's input; must be 0 if gradients are checkpointed on MPS."""
    targets: Literal["all-linear"] | list[str]
    """Modules that get an adapter; all-linear is every linear layer but the head."""


class TrainParams(Params):
    """Parameters that both conditions share."""

    steps: PositiveInt
    """Optimizer steps."""
    batch_size: PositiveInt
    """Records per optimizer step."""
    records_per_pack: PositiveInt
    """Records computed together (micro-batch); a divisor of batch_size."""
    max_length: PositiveInt
    """Tokens of prompt and completion; a longer record is an error."""
    learning_rate: PositiveFloat
    """Peak of the schedule, AdamW."""
    schedule: Literal["constant", "linear", "cosine"]
    warmup_steps: NonNegativeInt
    """Optimizer steps of linear warm-up."""
    weight_decay: NonNegativeFloat
    max_grad_norm: PositiveFloat
    """Gradients are scaled down to this 2-norm."""
    lora: LoraParams
    evaluate_every: PositiveInt
    """Optimizer steps between validations; the last step is always validated."""
    validation_records: PositiveInt | None
    """First records of the validation split that are evaluated during training; null takes all."""
    early_stopping: PositiveInt | None
    """Validations without improvement after which training stops; null never stops."""

    @model_validator(mode="after")
    def _whole_packs(self) -> "TrainParams":
        if self.batch_size % self.records_per_pack:
            raise ValueError(
                f"batch_size ({self.batch_size}) is not a multiple of "
                f"records_per_pack ({self.records_per_pack})"
            )
        return self

    @property
    def packs_per_step(self) -> int:
        return self.batch_size // self.records_per_pack


class ConditionParams(Params):
    """Parameters that may differ between conditions."""

    seed: NonNegativeInt
    """Seed of LoRA's initial weights and the order of records."""
