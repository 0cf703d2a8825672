"""Did training teach anything about people it never saw: gains over the base and over frequencies."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stages.common.comparison import condition_of, is_tuned
from stages.common.phrases import many
from stages.common.tables.learning import CONTENT, BaseGainRow, GainRow
from stages.report.inputs import Inputs
from stages.report.numbers import listed, percent, rounded, signed, span
from stages.report.screen import Screen, limits
from stages.report.tables.losses import LOSS_SPLIT, loss_arms

Loss = dict[str, float]
"""A cell of metrics/score.json."""


@dataclass(frozen=True)
class Predicted:
    """How well the test people of a dataset are predicted by the best arm and by the base alone."""

    data: str
    best: str
    found: Loss
    base: Loss


def learning_screen(inputs: Inputs) -> Screen:
    found = predicted(inputs)
    return Screen(
        "losses",
        "Did training teach anything about people it never saw?",
        _headline(found, inputs),
        [[" ".join(_learned(one, inputs)) for one in found]] if found else [],
        ("losses",),
        ("losses", "field-losses-"),
        limits(inputs, "The loss measures the form of a record as well as the person in it."),
    )


def predicted(inputs: Inputs) -> list[Predicted]:
    """The datasets whose test people both the base and other arms were scored on."""
    made = []
    for data, cells in inputs.score.get(LOSS_SPLIT, {}).items():
        found = {arm: cells[arm] for arm in loss_arms(inputs) if arm in cells}
        base = next((arm for arm in found if condition_of(arm) == "none"), None)
        if base is not None and len(found) > 1:
            best = min(found, key=lambda arm: found[arm]["loss"])
            made.append(Predicted(data, best, found[best], found[base]))
    return made


def _headline(found: Sequence[Predicted], inputs: Inputs) -> str:
    better = [one for one in found if condition_of(one.best) != "none"]
    if not found:
        return "No loss on unseen people could be compared with that of the base"
    if not better:
        return "No arm predicts unseen people better than the base alone"
    if len(better) == len(found) and all(
        is_tuned(one.best) and condition_of(one.best) == one.data for one in found
    ):
        return "Unseen people are predicted best by the adapter of their own dataset"
    told = [f"of the {one.data} dataset by {inputs.name(one.best)}" for one in better]
    return f"Unseen people are predicted better than by the base alone: {', '.join(told)}"


def _learned(one: Predicted, inputs: Inputs) -> Iterator[str]:
    yield (
        f"The {many(int(one.found['n']), 'unseen person', 'unseen people')} of the {one.data} dataset are "
        f"predicted best by {inputs.name(one.best)}: [{_loss(one.found)}](score) nats per token, against "
        f"{_loss(one.base)} for the base alone."
    )
    yield from taught(inputs, one.data, one.best)


def _loss(cell: Loss) -> str:
    ends = f" ({span(cell['low'], cell['high'])})" if "low" in cell else ""
    return f"{rounded(cell['loss'])}{ends}"


def taught(inputs: Inputs, data: str, arm: str) -> Iterator[str]:
    """Say how much of the gain over the base is form, and which fields gain on their frequencies."""
    for found in inputs.tables[BaseGainRow]:
        if (found.arm, found.data) == (arm, data):
            yield (
                f"Of its gain over the base, [{percent(found.form_share)}](field_losses) is form: "
                f"the JSON around the values{' and the wording of texts' if found.n_texts else ''}."
            )
    rows = [row for row in inputs.tables[GainRow] if (row.arm, row.data) == (arm, data)]
    yield from _against_frequencies([row for row in rows if row.field == CONTENT], rows)


def _against_frequencies(whole: Sequence[GainRow], rows: Sequence[GainRow]) -> Iterator[str]:
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


def _named(rows: Sequence[GainRow]) -> str:
    return listed([f"{row.field} ({signed(row.gain)})" for row in rows])
