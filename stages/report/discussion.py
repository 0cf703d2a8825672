"""Four questions for the discussion, and what the numbers say about each."""

from collections.abc import Iterator
from dataclasses import dataclass

from stages.common.phrases import many
from stages.common.records import CONDITIONS
from stages.common.tables.base import NotComputed
from stages.common.tables.fidelity import TotalVariationRow
from stages.common.tables.totals import CompletenessRow
from stages.common.tables.variety import DiversityRow
from stages.report.caveats import Said, said
from stages.report.inputs import Inputs
from stages.report.numbers import count, listed, percent, rounded
from stages.report.prompting import less_varied
from stages.report.tables.entries import in_brackets, of_readable


@dataclass(frozen=True)
class Topic:
    """A section of the discussion; the template adds the table."""

    name: str
    title: str
    question: str
    sentences: list[Said]
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
            said(preservation(inputs.free), inputs.free),
        ),
        Topic(
            "optimization",
            "Optimization and diversity",
            "Does fitting the data better cost variety?",
            said(optimization(inputs.free), inputs.free),
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
    """Say which share of the fields each arm keeps, and how many distances lie above their bands."""
    prompt = inputs.headline_prompt.id
    present = {row.arm: row for row in inputs.tables[CompletenessRow] if row.prompt == prompt}
    for arm in inputs.arms:
        rows = [row for row in inputs.tables[TotalVariationRow] if row.key == (arm, prompt)]
        rows = [row for row in rows if row.band.band_high is not None]
        if arm not in present:
            yield f"{arm}: no readable profile under {prompt}, so nothing to compare."
            continue
        n_above = [row.above_band for row in rows].count(True)
        of = in_brackets(of_readable(present[arm], present[arm].n))
        kept = (
            f"{arm} (prompt {prompt}): a readable profile{of} has on average "
            f"[{percent(present[arm].presence)}](presence) of the fields"
        )
        lie = "lies" if n_above == 1 else "lie"
        of_all = f"[{n_above} of {many(len(rows), 'distribution')}](total_variation)"
        off = f"of their valid values, {of_all} {lie} further off than chance"
        yield f"{kept}; {off if rows else 'its distributions could not be compared'}."


def optimization(inputs: Inputs) -> Iterator[str]:
    """Say how far each training brought the loss, and how many different profiles its arm then wrote."""
    prompt = inputs.headline_prompt.id
    for condition, training in inputs.training.items():
        loss = training["validation_loss"]
        yield (
            f"Training on the {condition} dataset brought the [validation loss](train_*) "
            f"from {rounded(loss['before'])} to {rounded(loss['best'])} "
            f"(step {training['best_step']} of {training['n_steps']})."
        )
    rows = [row for row in inputs.tables[DiversityRow] if row.prompt == prompt]
    told = [
        f"{row.arm} {row.n_distinct} of {row.n}{in_brackets(of_readable(row, row.n))}"
        for row in inputs.by_arm(rows)
    ]
    if told:
        yield f"[Different profiles](diversity) among the readable ones, prompt {prompt}: {'; '.join(told)}."
    yield from less_varied(inputs)
    yield (
        "A lower loss with equally many different profiles means a better fit, of the form as well as of the "
        "people, without repetition. So few draws can hardly show whether rare kinds of people are still "
        "written."
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
