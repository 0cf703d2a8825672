"""The arms of the Llama side: who writes, and what they were trained on or shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from stages.common.records import CONDITIONS, ArmCondition, Condition, Example
from stages.common.seeds import seed_for
from stages.generate.params import GenerateParams
from stages.shell.errors import UserError

CONSTRAINED = "+constrained"
"""Ends the source of an arm that is drawn under the grammar."""


@dataclass(frozen=True)
class Arm:
    """A source under a condition."""

    source: str
    condition: ArmCondition
    adapter: Condition | None = None
    excerpt: tuple[str, ...] = ()
    """Profiles shown before the prompt."""
    is_constrained: bool = False
    """Drawn under the grammar of the profile schema."""

    @property
    def name(self) -> str:
        return f"{self.source}/{self.condition}"

    def prompt(self, asked: str) -> str:
        """What is asked, after the excerpt, as it can be typed into a chat page as well."""
        if not self.excerpt:
            return asked
        shown = f"Here are {len(self.excerpt)} profiles from a data set:"
        return "\n".join([shown, *self.excerpt, "", asked])


def arms(
    base_name: str, training: Mapping[Condition, Sequence[Example]], n_shots: int, seed: int
) -> list[Arm]:
    """The base alone, the base with examples, the base with each adapter."""
    people = set.intersection(*({example.source_id for example in training[c]} for c in CONDITIONS))
    if len(people) < n_shots:
        raise UserError(f"generate.shots is {n_shots}, but both train splits share only {len(people)} people")
    shown = {
        c: tuple(excerpt([e for e in training[c] if e.source_id in people], n_shots, seed))
        for c in CONDITIONS
    }
    return [
        Arm(base_name, "none"),
        *(Arm(f"{base_name}+shots", c, excerpt=shown[c]) for c in CONDITIONS),
        *(Arm(f"{base_name}+lora", c, adapter=c) for c in CONDITIONS),
    ]


def all_arms(
    base_name: str, training: Mapping[Condition, Sequence[Example]], params: GenerateParams
) -> list[Arm]:
    """Every arm that is drawn: the free ones, then the same under the grammar where params ask for it."""
    free = arms(base_name, training, params.shots, params.seed)
    return [*free, *map(constrained, free if params.constrained else [])]


def excerpt(examples: Sequence[Example], n: int, seed: int) -> list[str]:
    """The profiles of n people of the training split, the same people in both conditions."""
    of_person: dict[str, str] = {}
    for example in sorted(examples, key=lambda example: seed_for("shots", seed, example.source_id)):
        of_person.setdefault(example.source_id, example.completion)  # one of a person's twins
    return list(of_person.values())[:n]


def constrained(arm: Arm) -> Arm:
    """The arm that draws under the grammar. It is a separate source."""
    return replace(arm, source=f"{arm.source}{CONSTRAINED}", is_constrained=True)
