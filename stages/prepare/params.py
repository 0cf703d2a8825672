"""The section `prepare` of params.yaml."""

from typing import Literal

from pydantic import Field, NonNegativeInt, PositiveInt, model_validator

from stages.common.params import Params


class Shares(Params):
    """Shares of people per split; together 1."""

    train: float = Field(gt=0, lt=1)
    validation: float = Field(gt=0, lt=1)
    test: float = Field(gt=0, lt=1)

    @model_validator(mode="after")
    def _together_one(self) -> "Shares":
        total = self.train + self.validation + self.test
        if abs(total - 1) > 1e-9:
            raise ValueError(f"train, validation and test are together {total:g}, not 1")
        return self


class SampleParams(Params):
    """The seeded sample drawn from each raw file."""

    n: PositiveInt | None
    """People; null keeps all."""
    strata: list[str]
    """Dotted paths of unprotected fields whose joint shares the sample keeps; numbers by quartile."""


class NullParams(Params):
    """Which spellings mean null, and what becomes of a null."""

    spellings: list[str]
    become: Literal["explicit", "dropped", "refused"]
    """`null` in the profile, the key left out, or the record refused."""


class NumberParams(Params):
    """How numbers may be written in text; plain digits are always read."""

    thousands_separator: Literal[",", ".", " ", "'"] | None
    """Separator in "45,000"; null refuses it. If it is not the comma, "1,5" is read as 1.5."""
    units: list[str]
    """Words that may follow a number or stand before it, as in "34 years" and "$20"."""


class TwinParams(Params):
    """How many records of a file may share one source_id."""

    original: PositiveInt
    augmented: PositiveInt


class PrepareParams(Params):
    """All that prepare's result depends on beside the data."""

    seed: NonNegativeInt
    """Seed of the splits, the sample and the assignment of prompts."""
    shares: Shares
    sample: SampleParams
    nulls: NullParams
    numbers: NumberParams
    max_rejected_rate: float = Field(ge=0, lt=1)
    """Share of a file's records that may be refused before prepare stops."""
    max_twins: TwinParams
