"""What became of the draws, and whether profiles follow prompt and rules."""

from dataclasses import dataclass

from stages.common.tables.base import Rate, ReadRow, Row

ANY = "(any)"
"""The rule of a row about all rules together."""


@dataclass(frozen=True, kw_only=True)
class ConversationRow(Row, independent=()):
    """conversations.csv: how many draws there are, and how many that do not hang together."""

    n_draws: int
    n_conversations: int
    """A draw by itself counts as one."""
    n_largest: int
    """Draws of the largest one."""
    n_effective: float
    """Independent draws that they are worth at least: as if those of a conversation were copies."""
    unseen_high: float
    """Up to this share of all that the arm would give may have what none of n_conversations shows.

    The upper end of the Clopper-Pearson interval for none of n_conversations.
    """


@dataclass(frozen=True, kw_only=True)
class ValidityRow(Row, independent=()):
    """validity.csv: schema-valid profiles among all draws, unparsed ones included."""

    n: int
    n_conversations: int
    """A draw by itself counts as one."""
    n_readable: int
    """Draws with an object that could be read."""
    n_valid: int
    rate: Rate


@dataclass(frozen=True, kw_only=True)
class FunnelRow(Row, independent=()):
    """funnel.csv; n = all draws. The verdicts add up to n; `valid` is the sum of the first three."""

    step: str
    """A verdict; `complete`: has every required field, whatever stands in it; `valid`: fits the schema."""
    n: int
    n_conversations: int
    n_step: int
    rate: Rate


@dataclass(frozen=True, kw_only=True)
class PresenceRow(ReadRow, independent=()):
    """presence.csv; n = profiles parsed."""

    field: str
    n: int
    n_present: int
    rate: Rate


@dataclass(frozen=True, kw_only=True)
class DomainRow(ReadRow, independent=()):
    """domain.csv; n = parsed profiles with the field, or training records with it."""

    field: str
    role: str
    outside: str
    """`schema`, or `training`: of the arm's condition, whatever the prompt."""
    of: str
    """`generated`, or `dataset`: each training record against all others."""
    n: int
    n_outside: int
    rate: Rate


@dataclass(frozen=True, kw_only=True)
class RuleRow(ReadRow, independent=()):
    """rules.csv; n = profiles parsed, or people of the reference; the rate is n_broken / n_applies."""

    rule: str
    """Its id, or "(any)": profiles that at least one applies to, and that break at least one."""
    of: str
    """`generated` or `reference`."""
    n: int
    n_applies: int
    """Profiles for which the rule's `if` holds."""
    n_broken: int
    rate: Rate


@dataclass(frozen=True, kw_only=True)
class TextRuleRow(RuleRow, independent=()):
    """text_rules.csv: as rules.csv, of `x-text-rules`; the text has the words, the profile the field."""


@dataclass(frozen=True, kw_only=True)
class AdherenceRow(Row, independent=()):
    """adherence.csv; n draws = n_unparsed + n_missing + n_compared; the rate is n_agree / n_compared."""

    field: str
    n: int
    n_unparsed: int
    n_missing: int
    n_compared: int
    n_agree: int
    rate: Rate
