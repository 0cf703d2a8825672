"""How well people are predicted whom no training saw."""

from collections.abc import Iterator

from stages.common.records import CONDITIONS
from stages.common.tables.learning import FieldLossRow, GainRow
from stages.report.inputs import Inputs
from stages.report.numbers import rounded, signed, span
from stages.report.table import EMPTY, Column, Entry, Flag, Table
from stages.report.tables.entries import arm_columns, known, number, whole

LOSS_SPLIT = "test"
NOTE = (
    "“By frequency” is the loss of predicting a field by its shares in the training split. Round brackets "
    "hold what the arm gains on that, square brackets the interval of the gain. ▲ marks a loss above that "
    "of the frequencies, ▼ one below it, beyond chance. Fields that the prompt gives are left out. "
    "(structure) is braces, keys and the end; (content) is everything but text."
)


def losses(inputs: Inputs) -> Iterator[Table]:
    """One row per dataset, one column per arm."""
    by_data = inputs.score.get(LOSS_SPLIT, {})
    arms = loss_arms(inputs)
    columns = [Column("test profiles of"), Column("people"), *arm_columns(arms, "score", inputs)]
    rows = [
        [Entry(data), _people(by_data[data]), *(_cell(by_data[data].get(arm)) for arm in arms)]
        for data in CONDITIONS
        if by_data.get(data)
    ]
    yield Table("losses", "Loss of unseen people, nats per completion token", columns, rows)


def field_losses(inputs: Inputs) -> Iterator[Table]:
    """One table per dataset: a row per field, the frequencies, and each arm beside them."""
    for data in CONDITIONS:
        rows = [row for row in inputs.tables[FieldLossRow] if row.data == data]
        arms = list(dict.fromkeys(row.arm for row in rows))
        gains = {(row.arm, row.field): row for row in inputs.tables[GainRow] if row.data == data}
        by_field = {(row.arm, row.field): row for row in rows}
        lines = [
            [
                Entry(field),
                whole(by_field[who, field].n),
                _plain(gains.get((who, field))),
                *(_against(by_field.get((arm, field)), gains.get((arm, field))) for arm in arms),
            ]
            for field, who in {row.field: row.arm for row in rows}.items()
        ]
        columns = [
            *(Column("field"), Column("people"), Column("by frequency", "frequency_gains")),
            *arm_columns(arms, "field_losses", inputs),
        ]
        caption = f"Loss of each field, unseen people of the {data} dataset, nats per person"
        yield Table(f"field-losses-{data}", caption, columns, lines, NOTE)


def _plain(gain: GainRow | None) -> Entry:
    return number(gain.loss_frequencies if gain else None)


def _against(loss: FieldLossRow | None, gain: GainRow | None) -> Entry:
    if loss is None:
        return EMPTY
    if gain is None or gain.low is None or gain.high is None:
        return number(loss.loss)
    flag: Flag = "▲" if gain.is_worse else "▼" if gain.is_better else ""
    values = {"": loss.loss, "gain": gain.gain, "gain low": gain.low, "gain high": gain.high}
    words, ends = f"gain {signed(gain.gain)}", span(gain.low, gain.high)
    return Entry(rounded(loss.loss), words, flag, interval=ends, values=values)


def loss_arms(inputs: Inputs) -> list[str]:
    by_data = inputs.score.get(LOSS_SPLIT, {})
    return list(dict.fromkeys(arm for condition in CONDITIONS for arm in by_data.get(condition, {})))


def _people(cells: dict[str, dict[str, float]]) -> Entry:
    return whole(int(next(iter(cells.values()))["n"]))


def _cell(found: dict[str, float] | None) -> Entry:
    if found is None:
        return EMPTY
    words = span(found["low"], found["high"]) if "low" in found else ""
    values = {"": found["loss"], "low": found.get("low"), "high": found.get("high")}
    return Entry(rounded(found["loss"]), words, values=known(values))
