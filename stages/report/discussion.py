"""Four questions for the discussion, and what the numbers say about each."""

from collections.abc import Iterator
from dataclasses import dataclass

from stages.common.phrases import many
from stages.common.records import CONDITIONS
from stages.common.tables.base import NotComputed
from stages.common.tables.totals import CompletenessRow
from stages.report.inputs import Inputs
from stages.report.naming import arms_in_words
from stages.report.numbers import count, listed, percent, rounded
from stages.report.tables.entries import in_brackets, of_readable
from stages.report.written import asked


@dataclass(frozen=True)
class Topic:
    """A section of the discussion; the template adds the table."""

    name: str
    title: str
    question: str
    sentences: list[str]
    table: str = ""
    """The name of its table; "" if there is none."""


def discussion(inputs: Inputs) -> list[Topic]:
    return [
        Topic(
            "reduction",
            "Data reduction",
            "What was left out of the raw files, and what was lost by it?",
            [*reduction(inputs)],
            "reduction",
        ),
        Topic(
            "preservation",
            "Information preservation",
            "How much of the dataset’s information do the arms keep?",
            [*preservation(inputs.free)],
        ),
        Topic(
            "optimization",
            "Optimization and diversity",
            "Does fitting the data better cost variety?",
            [*optimization(inputs.free)],
        ),
        Topic(
            "constraints",
            "Technical constraints",
            "What did the machinery allow, and what was not possible?",
            [*constraints(inputs)],
        ),
    ]


def reduction(inputs: Inputs) -> Iterator[str]:
    """Compare the raw file of each dataset with what was sampled from it."""
    for condition in CONDITIONS:
        data = inputs.data[condition]
        if "n_in" not in data:
            continue
        left = data["n_in"] - data["n_sampled"]
        lost = data.get("lost_by_sampling", {})
        worst = max(
            [0.0, *lost.get("total_variation", {}).values(), *lost.get("kolmogorov_smirnov", {}).values()]
        )
        what = f"{count(left)} were left out" if left else "all of them were used"
        drift = (
            f"the largest shift of a field is [{rounded(worst)}](data reduction)"
            if left
            else "so nothing was lost by sampling"
        )
        yield f"{condition.capitalize()}: of {many(data['n_in'], 'record')}, {what}; {drift}."
    yield (
        "A larger raw file would be sampled by person, in proportion to strata of unprotected fields, "
        "so that both datasets keep the same people; one person is never in two splits."
    )


def preservation(inputs: Inputs) -> Iterator[str]:
    """Say which share of the fields a readable profile of each arm has."""
    prompt = inputs.headline_prompt.id
    rows = inputs.by_arm([row for row in inputs.tables[CompletenessRow] if row.prompt == prompt])
    told = [
        f"{inputs.name(row.arm)} [{percent(row.presence)}](presence){in_brackets(of_readable(row, row.n))}"
        for row in rows
    ]
    if told:
        yield f"Fields that a readable profile has on average (prompt {prompt}): {'; '.join(told)}."
    present = {row.arm for row in rows}
    without = [row.arm for row in asked(inputs) if row.arm not in present]
    if without:
        named = arms_in_words(without, [row.arm for row in asked(inputs)], inputs)
        yield f"No readable profile, so nothing to compare: {named}."


def optimization(inputs: Inputs) -> Iterator[str]:
    """Say how far each training brought the loss."""
    for condition, training in inputs.training.items():
        loss = training["validation_loss"]
        yield (
            f"Training on the {condition} dataset brought the [validation loss](train_*) "
            f"from {rounded(loss['before'])} to {rounded(loss['best'])} "
            f"(step {training['best_step']} of {training['n_steps']})."
        )
    yield (
        "A lower loss with equally [varied profiles](variety) means a better fit, of the form as well as of "
        "the people, without repetition."
    )


def constraints(inputs: Inputs) -> Iterator[str]:
    """Describe the base as models/bases.yaml does, and count what was not computed."""
    entry = inputs.entry
    quantized = "not quantized" if entry.quantization == "none" else f"quantized to {entry.quantization}"
    origin = ", ".join(f"{key} {value}" for key, value in entry.origin.items())
    again = " with gradient checkpointing (less memory, more time)" if entry.gradient_checkpointing else ""
    yield (
        f"The base is {inputs.base} ({origin}; license {entry.licence}): frozen weights in {entry.dtype}, "
        f"{quantized} when loaded; trained{again} with LoRA."
    )
    trained = [many(training["n_trained_parameters"], "parameter") for training in inputs.training.values()]
    yield f"{listed(list(dict.fromkeys(trained)))} were trained per adapter; the base stayed frozen."
    yield (
        "Seconds, memory and versions describe a machine, not the result; they are in metrics/runs/, "
        "one file per stage, and are left out here so that the same inputs give the same page."
    )
    n = len(inputs.tables[NotComputed])
    yield (
        f"{many(n, 'number')} could not be computed; the reasons are listed below."
        if n
        else "Every number could be computed."
    )
