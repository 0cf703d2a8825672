"""Memory that `evaluate` needs, by arithmetic alone: it runs on the computer, whatever the device."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stages.evaluate.params import EvaluateParams

if TYPE_CHECKING:
    from thesis.doctor.study import Study

PROCESS_BYTES = 190_000_000
"""Python with NumPy, SciPy and pydantic."""
CHARACTER_BYTES = 47
"""Of each character of a person: the profile itself, and all endings of its text in order."""
ROW_BYTES = 280
"""Of the rows about a pair of fields in a cell."""
COUNT_BYTES = 24
"""Of a count of a null draw, three times in memory."""
DRAWN_BYTES = 16
"""Of a person in a null draw, kept for the next measures."""


@dataclass(frozen=True)
class Sizes:
    """What the memory of `evaluate` grows with."""

    characters: int
    """Of the training and test people of both conditions."""
    n_fields: int
    n_cells: int
    """Arms times asked prompts."""
    draws: int
    """Completions of a cell."""
    null_draws: int
    joint_cells: int

    @classmethod
    def of(cls, study: "Study", params: EvaluateParams) -> "Sizes":
        return cls(
            characters=_characters(
                example.completion
                for by_split in study.people.examples.values()
                for split in ("train", "test")
                for example in by_split[split]
            ),
            n_fields=len(study.schema.fields),
            n_cells=len(study.arms) * len(study.asked),
            draws=study.generate.draws,
            null_draws=params.null_draws,
            joint_cells=params.max_joint_cells,
        )


def evaluate_bytes(sizes: Sizes) -> int:
    """Bytes at the peak, held against measured ones (Linux, 150 completions): 0.34 GB for the default
    study, 0.75 for 20,000 people a file, 0.47 for 124 fields."""
    nulls = sizes.null_draws * (COUNT_BYTES * sizes.joint_cells + DRAWN_BYTES * sizes.draws)
    rows = ROW_BYTES * sizes.n_cells * sizes.n_fields**2
    return PROCESS_BYTES + CHARACTER_BYTES * sizes.characters + nulls + rows


def _characters(texts: Iterable[str]) -> int:
    return sum(map(len, texts))
