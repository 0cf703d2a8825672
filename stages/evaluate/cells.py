"""A cell: one arm under one asked prompt, the unit of every per-arm number."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, pairwise
from typing import TypedDict

from stages.common.comparison import is_constrained, is_tuned
from stages.common.evaluated import EvaluatedProfile
from stages.common.fields import Field
from stages.common.prompts import AskedPrompt
from stages.common.records import CONDITIONS, ArmCondition, Profile, Written
from stages.common.schema import ProfileSchema
from stages.common.tables.base import NotComputed, Part
from stages.evaluate.params import EvaluateParams
from stages.evaluate.reading.profiles import evaluated
from stages.evaluate.references import Reference, Scored, Training, reference_of
from stages.evaluate.rows import left_out
from stages.evaluate.units import Unit, hang_together, unit_of
from stages.evaluate.values.content import content, is_whole
from stages.evaluate.values.distance import ranges_of
from stages.shell.errors import mistakes


@dataclass(frozen=True)
class Study:
    """The schema, prompts, people and params that all cells share."""

    schema: ProfileSchema
    prompts: Sequence[AskedPrompt]
    training: Training
    held_out: Training
    """The test split: people that no arm has seen."""
    params: EvaluateParams
    lexicon: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Words by category that are counted in texts."""
    scored: Sequence[Scored] = ()
    """The losses of the test split, from `score`."""

    @cached_property
    def everyone(self) -> list[Profile]:
        """The training records of all conditions."""
        return [record for name in CONDITIONS for record in self.training[name]]

    @cached_property
    def ranges(self) -> dict[str, float]:
        """The ranges of numbers among everyone: one yardstick for every arm."""
        return ranges_of(self.everyone, self.schema)


class Where(TypedDict):
    """The arm and prompt that a row is about, to be unpacked with `**`."""

    arm: str
    prompt: str


@dataclass(frozen=True)
class Cell:
    """The draws of one arm under one prompt, and the people they are held against."""

    arm: str
    condition: ArmCondition
    prompt: AskedPrompt
    draws: tuple[EvaluatedProfile, ...]
    reference: Reference
    schema: ProfileSchema

    @property
    def key(self) -> tuple[str, str]:
        return self.arm, self.prompt.id

    @property
    def where(self) -> Where:
        return {"arm": self.arm, "prompt": self.prompt.id}

    def left_out(
        self, table: str, reason: str, field: str = "", *, part: Part = "value", contrast: str = ""
    ) -> NotComputed:
        """The row that says why a part of a table is not computed for this cell."""
        return left_out(table, reason, field, **self.where, part=part, contrast=contrast)

    @cached_property
    def parsed(self) -> tuple[EvaluatedProfile, ...]:
        return tuple(draw for draw in self.draws if draw.profile is not None)

    @cached_property
    def profiles(self) -> tuple[Profile, ...]:
        return tuple(draw.profile for draw in self.draws if draw.profile is not None)

    @cached_property
    def content(self) -> tuple[Profile, ...]:
        """The values of each profile that the schema allows: what measures of content read."""
        return tuple(content(profile, self.schema) for profile in self.profiles)

    @property
    def pairs(self) -> list[tuple[Profile, Unit]]:
        """Every profile with its unit."""
        return [*zip(self.profiles, self.parsed_units, strict=True)]

    def whole(self, fields: Sequence[Field]) -> list[tuple[Profile, Unit]]:
        """The content of profiles with a valid value in each of the fields, and their units."""
        pairs = zip(self.content, self.parsed_units, strict=True)
        return [(profile, unit) for profile, unit in pairs if is_whole(profile, fields)]

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The unit of each draw: its conversation, or the draw itself."""
        return tuple(unit_of(draw) for draw in self.draws)

    @cached_property
    def parsed_units(self) -> tuple[Unit, ...]:
        """The unit of each profile."""
        return tuple(unit_of(draw) for draw in self.parsed)

    @property
    def incomparable(self) -> str | None:
        """Why the cell cannot be held against its reference; None if it can."""
        return self.reference.reason if self.profiles else "no profile parsed"

    @cached_property
    def clustered(self) -> bool:
        """Whether two of the profiles are of one conversation."""
        return hang_together(self.parsed_units)


def cells_of(completions: Iterable[Written], study: Study) -> list[Cell]:
    """All cells with at least one completion, by arm name and then in the prompts' order.

    Raises:
        UserError: if a completion answers an unknown prompt or a draw is a duplicate.
    """
    ordered = sorted(completions, key=lambda row: (row.arm, row.prompt_id, row.draw))
    _check(ordered, {prompt.id for prompt in study.prompts})
    grouped: dict[tuple[str, str], list[Written]] = {}
    for row in ordered:
        grouped.setdefault((row.arm, row.prompt_id), []).append(row)
    arms = dict.fromkeys(row.arm for row in ordered)
    keys = [(arm, prompt) for arm in arms for prompt in study.prompts if (arm, prompt.id) in grouped]
    return [_cell(grouped[arm, prompt.id], prompt, study) for arm, prompt in keys]


def counts_of(cells: Sequence[Cell]) -> tuple[int, int]:
    """Count the draws, and those that could be read."""
    return sum(len(cell.draws) for cell in cells), sum(len(cell.profiles) for cell in cells)


def by_arm(cells: Sequence[Cell]) -> dict[str, list[Cell]]:
    """The cells of every arm, in their order."""
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        found.setdefault(cell.arm, []).append(cell)
    return found


def freely_drawn(cells: Sequence[Cell]) -> list[Cell]:
    """The cells whose draws no grammar shaped: sources are compared by these."""
    return [cell for cell in cells if not is_constrained(cell.arm)]


def tuned_pairs(cells: Sequence[Cell]) -> Iterator[tuple[Cell, Cell]]:
    """Every two tuned arms under a prompt; the original condition comes first."""
    tuned = [cell for cell in cells if is_tuned(cell.arm)]
    tuned.sort(key=lambda one: ("none", *CONDITIONS).index(one.condition))
    return ((a, b) for a, b in combinations(tuned, 2) if a.prompt.id == b.prompt.id)


def _cell(rows: list[Written], prompt: AskedPrompt, study: Study) -> Cell:
    draws = tuple(evaluated(row, study.schema) for row in rows)
    reference = reference_of(rows[0].condition, prompt.given, study.training, study.params.min_reference)
    return Cell(rows[0].arm, rows[0].condition, prompt, draws, reference, study.schema)


def _check(ordered: list[Written], prompt_ids: set[str]) -> None:
    unknown = sorted({row.prompt_id for row in ordered} - prompt_ids)
    wrong = [f"prompt {name}: not asked in data/prompts.yaml" for name in unknown]
    for row, after in pairwise(ordered):
        if (row.arm, row.prompt_id, row.draw) == (after.arm, after.prompt_id, after.draw):
            wrong.append(f"{row.arm}, {row.prompt_id}, draw {row.draw}: duplicate")
    if wrong:
        head = "the completions do not fit the asked prompts"
        raise mistakes(head, wrong, "Make them again: dvc repro generate collect")
