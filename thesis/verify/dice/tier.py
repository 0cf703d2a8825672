"""Tier 4, the examiner's dice: new draws from the adapters, which the author could not have prepared."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from stages.common.files import read_records
from stages.common.records import Completion
from thesis.verify.artifacts import GENERATED
from thesis.verify.findings import NOT_TRAINED, Finding, Tier, unchecked
from thesis.verify.tolerances import dice_params

if TYPE_CHECKING:
    from stages.evaluate.cells import Study
    from thesis.verify.dice.shares import Question

TAKES = (
    "2 to 3 minutes with the default base (93 MB, fetched if it is not there) on a laptop's processor; with "
    "another base about as long as generate took"
)
PROVES = (
    "New draws, which nobody could prepare, give the shares behind the declared contrasts.",
    "A false report beyond the bounds that each line states would have been found.",
)
DOES_NOT = (
    "By new draws alone: that shares within those bounds were not changed (tier 3 checks every token).",
    NOT_TRAINED,
    "Anything about answers from chat pages, which nobody can draw again.",
)


def tier(number: int | None) -> Tier:
    """The tier with an examiner's number; None only to say what is left to do."""
    return Tier(
        number=4,
        title="Does the examiner's own number give the reported shares?",
        takes=TAKES,
        proves=PROVES,
        does_not=DOES_NOT,
        check=partial(check, number or 0),
        only_reads=True,
    )


def check(number: int, root: Path) -> Iterator[Finding]:
    """Draw anew with the examiner's number, and test the shares of the declared contrasts."""
    with chdir(root):
        from stages.evaluate.__main__ import load_study  # lazily: these bring scipy and torch
        from thesis.verify.dice.calibrated import reported_shares
        from thesis.verify.dice.drawing import Dice, draw_new, load_for
        from thesis.verify.dice.shares import questions

        params, study = dice_params(), load_study()
        if not study.params.contrasts:
            yield unchecked("generate", "shares of declared contrasts", "none is declared", is_note=True)
            return
        loaded = load_for(Dice(number, params.draws))
        asked = questions(study.params.contrasts, [arm.name for arm in loaded.arms])
        new = draw_new(loaded, {(one.arm, one.contrast.prompt) for one in asked})
        shares = reported_shares(loaded.adapter_sha256)
        yield from compare(asked, read_records(GENERATED, Completion), new, study, shares)


def compare(
    asked: Sequence["Question"],
    reported: Sequence[Completion],
    new: Sequence[Completion],
    study: "Study",
    shares: Mapping[tuple[str, str], tuple[int, int]],
) -> Iterator[Finding]:
    """Test what was reported against what was drawn anew.

    Args:
        shares: what the calibration reports, by contrast and arm.
    """
    from stages.common.seeds import seed_for
    from stages.evaluate.cells import cells_of
    from stages.evaluate.contrasts.statistics import reading_of
    from thesis.verify.dice.calibrated import answers
    from thesis.verify.dice.shares import Answer, answered, judged_dice, left_out

    before, after = ({cell.key: cell.draws for cell in cells_of(rows, study)} for rows in (reported, new))
    readings, found = {one.contrast.id: reading_of(one.contrast, study) for one in asked}, []
    for one in asked:
        key, how = (one.arm, one.contrast.prompt), readings[one.contrast.id]
        draws, seed = study.params.null_draws, seed_for(study.params.seed, "dice")
        answer = answered(one, before.get(key, ()), after.get(key, ()), how, draws=draws, seed=seed)
        if isinstance(answer, Answer):
            found.append(answer)
        else:
            yield left_out(one, answer)
    yield from judged_dice([*found, *answers(asked, shares, after, readings)], dice_params())
