"""Say what training taught, field by field: gains over the base and over plain frequencies."""

from collections.abc import Iterator, Sequence

from stages.common.tables.learning import CONTENT, BaseGainRow, GainRow
from stages.report.inputs import Inputs
from stages.report.numbers import listed, percent, rounded, signed, span


def taught(inputs: Inputs, data: str, arm: str) -> Iterator[str]:
    """Say how much of the gain over the base is form, and which fields gain on their frequencies."""
    for found in inputs.tables[BaseGainRow]:
        if (found.arm, found.data) == (arm, data):
            yield (
                f"Of its gain over the base, [{percent(found.form_share)}](field_losses) is form: "
                f"the JSON around the values{' and the wording of texts' if found.n_texts else ''}."
            )
    rows = [row for row in inputs.tables[GainRow] if (row.arm, row.data) == (arm, data)]
    yield from _against_frequencies([row for row in rows if row.field == CONTENT], rows, inputs)


def _against_frequencies(whole: Sequence[GainRow], rows: Sequence[GainRow], inputs: Inputs) -> Iterator[str]:
    for row in whole:
        ends = "" if row.low is None or row.high is None else f" ({span(row.low, row.high)})"
        yield (
            f"Compared with the plain [frequencies](frequency_gains) of training, it gains "
            f"{signed(row.gain)} nats{ends} per person over all fields except text: "
            f"{rounded(row.loss)} instead of {rounded(row.loss_frequencies)}."
        )
    fields = [row for row in rows if row.field != CONTENT]
    worse, better = [row for row in fields if row.is_worse], [row for row in fields if row.is_better]
    if better:
        yield f"Predicted better than by their frequencies, beyond chance: {_named(better)}."
    if worse:
        yield f"Predicted worse than by their frequencies, beyond chance: {_named(worse)}."
    protected = [row for row in fields if row.field in inputs.protected and row.gain < 0 and not row.is_worse]
    if protected:
        named = _named(protected)
        yield f"Other protected fields that are predicted no better than by their frequencies: {named}."


def _named(rows: Sequence[GainRow]) -> str:
    return listed([f"{row.field} ({signed(row.gain)})" for row in rows])
