"""Does an arm keep the variety, or repeat itself or its data."""

from collections.abc import Iterator

from stages.common.phrases import many
from stages.common.tables.totals import RepeatsRow
from stages.report.inputs import Inputs
from stages.report.joined import Varied, varieties
from stages.report.naming import arms_in_words
from stages.report.numbers import rounded
from stages.report.screen import Screen, limits
from stages.report.tables.entries import together


def variety_screen(inputs: Inputs) -> Screen:
    return Screen(
        "diversity",
        "Does an arm keep the variety, or repeat itself?",
        _headline(inputs),
        [*_scores(inputs), *repeats(inputs)],
        ("fidelity-diversity-",),
        ("variety", "different-numbers", "coverage", "entropy-", "memorisation"),
        limits(
            inputs,
            "A few draws cannot show every rare kind of person, even if they come from a perfect copy.",
        ),
    )


def vendi(inputs: Inputs) -> list[Varied]:
    """The Vendi scores under the headline prompt that have a null band."""
    prompt = inputs.headline_prompt.id
    found = [one for one in varieties(inputs.tables) if one.band.band_low is not None]
    return [one for one in found if (one.row.prompt, one.row.measure) == (prompt, "vendi_score")]


def _headline(inputs: Inputs) -> str:
    found = vendi(inputs)
    arms = [one.row.arm for one in found]
    below = [one.row.arm for one in found if one.band.is_below(one.row.value)]
    if not found:
        return "No variety could be compared with that of people"
    if not below:
        return "No arm varies less than equally few people would, beyond chance"
    if len(below) == len(arms):
        return "Every arm varies less than equally few people would"
    rest = [arm for arm in arms if arm not in below]
    less, others = (arms_in_words(some, arms, inputs) for some in (below, rest))
    return (
        f"Profiles of {less} vary less than equally few people would, beyond chance; those of {others} do not"
    )


def _scores(inputs: Inputs) -> Iterator[str]:
    rows = {one.row.arm: one for one in vendi(inputs)}
    told = [
        f"{inputs.name(arm)} [{rounded(one.row.value)}](variety) ({rounded(low)} to {rounded(high)})"
        for arm in inputs.arms
        if (one := rows.get(arm))
        and (low := one.band.ends[0]) is not None
        and (high := one.band.ends[1]) is not None
    ]
    if told:
        yield (
            "The Vendi score counts how many clearly different people there are; brackets hold what equally "
            f"few people would give (prompt {inputs.headline_prompt.id}): {'; '.join(told)}."
        )


def repeats(inputs: Inputs) -> Iterator[str]:
    """Count distinct profiles and copies over all cells."""
    for row in inputs.tables[RepeatsRow]:
        copies = f"[{row.n_copies or 'none'} of {row.n}](copies)"
        yield (
            f"Within their arm and prompt, [{row.n_distinct} of {many(row.n, 'readable profile')}](diversity)"
            f"{together(row, ' of ')} differ from each other; {copies} "
            f"repeat{'' if row.n_copies > 1 else 's'} a training record word for word."
        )
