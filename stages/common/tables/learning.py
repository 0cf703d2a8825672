"""What training taught: losses of people whom no training saw, and the loss curves."""

from dataclasses import dataclass

from stages.common.records import Condition
from stages.common.tables.base import Row

STRUCTURE, CONTENT = "(structure)", "(content)"
"""Names that replace a field: braces, keys and the end of the text; all fields but text, together."""


@dataclass(frozen=True, kw_only=True)
class FieldLossRow(Row, independent=()):
    """field_losses.csv; the unit is a held-out person of the test split. `prompt` is "(all)"."""

    data: str
    """Whose people: `original` or `augmented`."""
    field: str
    """A path, STRUCTURE or CONTENT."""
    role: str
    """The field's; "" for the others."""
    n: int
    """People whose value the prompt does not already give."""
    loss: float
    """Nats per person."""
    low: float | None
    """`low` and `high`: bootstrap interval over people (BCa, Efron 1987); None for too few or equal ones."""
    high: float | None


@dataclass(frozen=True, kw_only=True)
class GainRow(Row, independent=()):
    """frequency_gains.csv; unit, people and CONTENT as in field_losses.csv."""

    data: str
    field: str
    role: str
    n: int
    loss: float
    """Like field_losses.csv, for people whose value has a known frequency."""
    loss_frequencies: float
    """What the frequencies of the training split of `data` cost: see `costs`."""
    gain: float
    """loss_frequencies - loss: below 0, the arm predicts the field worse than its plain frequencies."""
    low: float | None
    """`low` and `high`: interval of the gain, as in field_losses.csv."""
    high: float | None

    @property
    def is_worse(self) -> bool:
        return self.high is not None and self.high < 0

    @property
    def is_better(self) -> bool:
        return self.low is not None and self.low > 0


@dataclass(frozen=True, kw_only=True)
class BaseGainRow(Row):
    """base_gains.csv: what a trained arm gains on its base; unit and people as in field_losses.csv."""

    independent = ()

    data: str
    base: str
    """The arm that was shown no data."""
    gain: float
    """Nats per person, over CONTENT, STRUCTURE and the fields of role text."""
    gain_form: float
    """The part of STRUCTURE and of the fields of role text."""
    form_share: float
    """gain_form / gain."""
    n_texts: int
    """Fields of role text."""


@dataclass(frozen=True, kw_only=True)
class LossRow:
    """metrics/plots/loss_<condition>.csv, written by `train`: a point of a loss curve."""

    condition: Condition
    split: str
    step: int
    loss: float
    """In nats per completion token."""
