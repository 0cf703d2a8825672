"""Are the profiles like the people of the dataset: distances from it, and what chance gives."""

from collections.abc import Iterator

from stages.common.phrases import many
from stages.common.tables.fidelity import TotalVariationRow
from stages.report.inputs import Inputs
from stages.report.numbers import listed, percent
from stages.report.screen import Screen, limits
from stages.report.shares import focus_of


def fidelity_screen(inputs: Inputs) -> Screen:
    return Screen(
        "fidelity",
        "Are the profiles like the people of the dataset?",
        _headline(inputs),
        [*_by_arm(inputs), *_focus(inputs)],
        ("shares-",),
        ("fidelity-", "numbers-", "joint"),
        limits(
            inputs, "A distance inside its null band does not prove likeness: few profiles can hide much."
        ),
    )


def _headline(inputs: Inputs) -> str:
    found = inputs.outside("total_variation")
    if found is None:
        return "No distance from the dataset could be computed"
    n, chance = many(found.n, "distance"), f"{found.n_by_chance:.0f}"
    lie = "lies" if found.n_outside == 1 else "lie"
    if found.n_outside <= found.n_by_chance:
        return (
            f"{found.n_outside or 'None'} of {n} of protected fields from the dataset {lie} beyond chance, "
            "no more than chance alone puts there"
        )
    return (
        f"{found.n_outside} of {n} of protected fields from the dataset {lie} beyond chance, "
        f"which alone puts up to about {chance} there"
    )


def _by_arm(inputs: Inputs) -> Iterator[str]:
    """Name the arms with distances above their bands."""
    rows = [row for row in inputs.tables[TotalVariationRow] if row.role == "protected"]
    rows = [row for row in rows if row.band.band_high is not None]
    by_arm = {arm: [row.above_band for row in rows if row.arm == arm] for arm in inputs.arms}
    counts = [
        f"{inputs.name(arm)} [{found.count(True)} of {len(found)}](total_variation)"
        for arm, found in by_arm.items()
        if any(found)
    ]
    if counts:
        yield f"Beyond chance, of the protected fields under all prompts: {'; '.join(counts)}."


def _focus(inputs: Inputs) -> Iterator[str]:
    """Say in which field the two datasets differ most."""
    focus = focus_of(inputs)
    if focus is None or inputs.outside("total_variation") is None:
        return
    data = listed([f"{percent(share)} of {focus.people[name]}" for name, share in focus.shares.items()])
    if focus.differs:
        yield f"The two datasets differ most in {focus.field}: {focus.level} is {data}."
    else:
        yield (
            "The two datasets have the same shares in every protected field, so that only what goes with "
            f"them can differ; in {focus.field}, {focus.level} is {data}."
        )
