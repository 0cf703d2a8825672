"""Does an arm write profiles at all: valid, refused, empty and incomplete draws."""

from collections.abc import Iterator, Sequence

from stages.common.phrases import many
from stages.common.tables.format import FunnelRow, ValidityRow
from stages.common.tables.totals import CompletenessRow
from stages.report.conversations import of_conversations
from stages.report.inputs import Inputs
from stages.report.naming import arms_in_words
from stages.report.numbers import listed
from stages.report.screen import Screen, limits

HALF = 0.5


def format_screen(inputs: Inputs) -> Screen:
    rows = asked(inputs)
    return Screen(
        "format",
        "Does an arm write profiles at all?",
        _headline(rows, inputs),
        [*_sentences(rows, inputs)],
        ("funnel",),
        ("arms", "constrained"),
        limits(inputs, *_unsettled(rows, inputs), *_selections(inputs)),
    )


def asked(inputs: Inputs) -> list[ValidityRow]:
    """The arms that were asked the headline prompt: only these are judged for it."""
    prompt = inputs.headline_prompt.id
    return inputs.by_arm([row for row in inputs.tables[ValidityRow] if row.prompt == prompt])


def _headline(rows: Sequence[ValidityRow], inputs: Inputs) -> str:
    arms = [row.arm for row in rows]
    most = [row.arm for row in rows if row.rate.rate > HALF]
    fewer = [arm for arm in arms if arm not in most]
    if not rows:
        return f"No arm was asked the prompt {inputs.headline_prompt.id}"
    if all(row.n_valid == row.n for row in rows):
        return "Every draw of every arm fits the schema"
    if all(row.n_valid == 0 for row in rows):
        return "No draw of any arm fits the schema"
    if not fewer:
        return "More than half of the draws fit the schema, for every arm"
    if not most:
        return "No arm fits the schema in more than half of its draws"
    yes, no = (arms_in_words(some, arms, inputs) for some in (most, fewer))
    return f"Most draws of {yes} fit the schema, but at most half of those of {no}"


def _sentences(rows: Sequence[ValidityRow], inputs: Inputs) -> Iterator[str]:
    prompt = inputs.headline_prompt.id
    if rows:
        counts = [
            f"{inputs.name(row.arm)} [{row.n_valid} of {row.n}](validity){_hanging(row)}" for row in rows
        ]
        yield f"Valid profiles, prompt {prompt}: {'; '.join(counts)}."
    for verdict, words in (("refused", "Refused to answer"), ("empty", "Wrote nothing")):
        found = [row for row in inputs.tables[FunnelRow] if (row.prompt, row.step) == (prompt, verdict)]
        told = [
            f"{inputs.name(row.arm)}, [{row.n_step} of {many(row.n, 'draw')}](funnel)"
            for row in inputs.by_arm(found)
            if row.n_step
        ]
        if told:
            yield f"{words}: {'; '.join(told)}."
    judged = {row.arm for row in rows}
    others = [inputs.name(arm) for arm in inputs.arms if arm not in judged]
    if rows and others:
        yield f"Not asked this prompt, so not judged for it: {listed(others)}."


def _hanging(row: ValidityRow) -> str:
    return f" ({of_conversations(row)})" if row.n_conversations < row.n else ""


def _unsettled(rows: Sequence[ValidityRow], inputs: Inputs) -> Iterator[str]:
    """Name the arms whose intervals reach across half."""
    arms = [row.arm for row in rows if row.rate.low <= HALF <= row.rate.high]
    if arms:
        named = arms_in_words(arms, [row.arm for row in rows], inputs)
        yield f"The draws leave open on which side of half the true share lies for {named}."


def _selections(inputs: Inputs) -> Iterator[str]:
    """Name the arms of which too little is left to speak for the rest."""
    rows = [row for row in inputs.tables[CompletenessRow] if row.prompt == inputs.headline_prompt.id]
    few = [row.arm for row in inputs.by_arm(rows) if row.is_selection]
    if few:
        yield (
            f"Of {arms_in_words(few, [row.arm for row in rows], inputs)}, less than half of the possible "
            "values are left. Such a selection does not say what the other draws and fields would have shown."
        )
