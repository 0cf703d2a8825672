"""What became of the draws, and whether profiles follow prompt and rules."""

from stages.report.rows.base import CellRow


class StatusRow(CellRow):
    status: str
    n: int


class FunnelRow(CellRow):
    step: str
    n: int
    n_step: int
    rate: float
    low: float
    high: float


class ValidityRow(CellRow):
    n: int
    n_conversations: int
    """A draw by itself counts as one."""
    n_valid: int
    rate: float
    low: float
    high: float


class PresenceRow(CellRow):
    field: str
    n: int
    n_present: int
    rate: float


class AdherenceRow(CellRow):
    field: str
    n: int
    n_missing: int
    n_compared: int
    n_agree: int
    rate: float
    low: float
    high: float


class RuleRow(CellRow):
    rule: str
    of: str
    n: int
    n_applies: int
    n_broken: int
    rate: float
    low: float
    high: float


class DomainRow(CellRow):
    """`outside`: of the schema or the training data; `of`: generated profiles or the dataset's own people."""

    field: str
    outside: str
    of: str
    n: int
    n_outside: int
    rate: float
    low: float
    high: float


class NotComputedRow(CellRow):
    statistic: str
    field: str
    reason: str
