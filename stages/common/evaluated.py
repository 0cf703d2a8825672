"""What `evaluate` read out of the completions; `data/evaluated/profiles.jsonl`."""

from typing import Literal, TypeAlias

from stages.common.records import Profile, Record

Status: TypeAlias = Literal["strict", "repaired", "invalid", "refused", "empty"]


class EvaluatedProfile(Record):
    """One completion, read."""

    arm: str
    prompt_id: str
    draw: int
    """Number of the draw, from 1."""
    conversation: str | None = None
    """A chat page's conversation, whose draws are not independent; None for a draw by itself."""
    status: Status
    """`strict`: the whole text is one JSON object; `repaired`: one could be recovered, see `notes`;
    `refused`: no object, but the words of a refusal."""
    profile: Profile | None
    """None if the completion is invalid, refused or empty."""
    notes: list[str]
    """What was around the object, what was repaired, why there is no profile."""
    violations: list[str]
    """What does not fit the schema; [] also if there is no profile."""
    broken_rules: list[str]
    """Ids of the `x-rules` that the profile breaks."""
    broken_text_rules: list[str]
    """Ids of the `x-text-rules`: where a text contradicts a field."""

    @property
    def valid(self) -> bool:
        return self.profile is not None and not self.violations
