"""Read an answer as a card: its fields in the schema's order, and everything wrong with it."""

from dataclasses import dataclass

from stages.common.cards import Fact, facts_of, remarks_of
from stages.common.evaluated import EvaluatedProfile
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
    facts: list[Fact]
    """Fields and values; [] if there is no profile."""
    remarks: list[str]
    """What was repaired, what does not fit the schema, which rules are broken."""
    rules: dict[str, str]
    """Descriptions of the broken rules by id, if the schema has them."""

    @property
    def verdict(self) -> Verdict:
        """Whether the text is a profile that fits."""
        return verdict_of(self.read)

    @property
    def fits(self) -> bool:
        """Whether the text is one profile that fits the schema and breaks no rule, and nothing else."""
        return self.verdict == "fits" and not self.remarks


def card_of(text: str, schema: ProfileSchema) -> Card:
    """Read a text as `evaluate` reads a completion."""
    read = evaluated(Written(source="", condition="none", prompt_id="", draw=1, text=text), schema)
    facts = [] if read.profile is None else facts_of(read.profile, read.violations, schema)
    broken = [*read.broken_rules, *read.broken_text_rules]
    said = _descriptions(schema)
    rules = {rule: said[rule] for rule in broken if rule in said}
    return Card(read, facts, [visible(remark) for remark in remarks_of(read)], rules)


def _descriptions(schema: ProfileSchema) -> dict[str, str]:
    rules = [*schema.node.get("x-rules", []), *schema.node.get("x-text-rules", [])]
    return {rule["id"]: str(rule["description"]) for rule in rules if "description" in rule}
