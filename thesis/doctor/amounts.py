"""How much each stage computes, and how much of it together."""

from collections import defaultdict
from dataclasses import dataclass
from math import ceil
from typing import TypeAlias

from stages.common.records import CONDITIONS
from thesis.doctor.counting import lengths_of
from thesis.doctor.project import Project

Prompt: TypeAlias = tuple[str, int]
"""An arm's name and the place of a prompt."""


@dataclass(frozen=True)
class Batch:
    """Completions that are drawn together."""

    n_rows: int
    prompts: tuple[int, ...]
    """Tokens of each prompt among them, which is read once for all its draws."""


def batches(project: Project, size: int = 0) -> list[Batch]:
    """The batches of `generate`: all arms with one adapter together, `size` rows at a time.

    Args:
        size: generate.batch_size if 0.
    """
    size, lengths = size or project.generate.batch_size, iter(lengths_of(project).asked)
    rows: dict[tuple[str | None, bool], list[tuple[Prompt, int]]] = defaultdict(list)
    for arm in project.arms:
        for place in range(len(project.asked)):
            prompt = (arm.name, place), next(lengths)
            rows[arm.adapter, arm.is_constrained] += [prompt] * project.generate.draws
    parts = [alike[n : n + size] for alike in rows.values() for n in range(0, len(alike), size)]
    return [Batch(len(part), tuple(dict(part).values())) for part in parts]


@dataclass(frozen=True)
class Amounts:
    """How much each stage computes."""

    n_validation: int
    """Records of the validation split that a training looks at."""
    n_packs: int
    """Packs of held-out records, under every arm of `score`."""
    batches: list[Batch]
    """Of draws, of all arms."""

    @classmethod
    def of(cls, project: Project) -> "Amounts":
        splits = project.people.examples.values()
        n_validation = max(len(by_split["validation"]) for by_split in splits)
        n_scored = sum(len(by_split[split]) for by_split in splits for split in ("validation", "test"))
        return cls(
            n_validation=min(project.train.validation_records or n_validation, n_validation),
            n_packs=(1 + len(CONDITIONS)) * ceil(n_scored / project.score.records_per_pack),
            batches=batches(project),
        )

    @property
    def drawn_rows(self) -> int:
        """Rows of the largest batch."""
        return max(batch.n_rows for batch in self.batches)

    @property
    def n_read(self) -> int:
        """Prompts that are read, again in every batch."""
        return sum(len(batch.prompts) for batch in self.batches)
