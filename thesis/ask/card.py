"""Read an answer as a card: its fields in the schema's order, and everything wrong with it."""

from dataclasses import dataclass

from stages.common.cards import Fact, facts_of
from stages.common.evaluated import EvaluatedProfile
from stages.common.reasons import reasons_of
from stages.common.records import Written
from stages.common.schema import ProfileSchema
from stages.common.shown import visible
from stages.common.verdicts import Verdict, verdict_of
from stages.evaluate.reading.profiles import evaluated


@dataclass(frozen=True)
class Card:
    """One text as `evaluate` and the report see it; control characters are shown as marks."""

    read: EvaluatedProfile
    """The profile as `evaluate` counts it; arm, prompt and draw are placeholders."""
    schema: ProfileSchema

    @property
    def facts(self) -> list[Fact]:
        """Fields and values; [] if there is no profile."""
        profile = self.read.profile
        return [] if profile is None else facts_of(profile, self.read.violations, self.schema)

    @property
    def reasons(self) -> list[str]:
        """What was repaired, what does not fit the schema, which rules are broken."""
        return [visible(reason) for reason in reasons_of(self.read, self.schema)]

    @property
    def verdict(self) -> Verdict:
        """Whether the text is a profile that fits."""
        return verdict_of(self.read)

    @property
    def fits(self) -> bool:
        """Whether the text is one profile that fits the schema and breaks no rule, and nothing else."""
        return self.verdict == "fits" and not self.reasons


def card_of(text: str, schema: ProfileSchema) -> Card:
    """Read a text as `evaluate` reads a completion."""
    written = Written(source="", condition="none", prompt_id="", draw=1, text=text)
    return Card(evaluated(written, schema), schema)
