"""The answers of the page in plain sentences: pure functions from rows to text.

`[words](key)` links to the definition of a metric. A sentence says its n, and whether chance
alone would explain what it says. There is no sentence about what was not computed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stages.common.phrases import many
from stages.common.tables.fidelity import TotalVariationRow
from stages.common.tables.format import ValidityRow
from stages.common.tables.totals import RepeatsRow
from stages.report.caveats import Said, said
from stages.report.claims import augmentation
from stages.report.coherence import associated, consistent
from stages.report.conversations import of_conversations
from stages.report.declared import declared
from stages.report.inputs import Inputs
from stages.report.learning import taught
from stages.report.numbers import listed, percent, rounded, span
from stages.report.omissions import omissions
from stages.report.prompting import prompting
from stages.report.shares import ArmShare, arm_shares, focus_of
from stages.report.tables.entries import in_brackets, together
from stages.report.tables.losses import LOSS_SPLIT, loss_arms


@dataclass(frozen=True)
class Answer:
    """A question of the study, and what the numbers say to it."""

    question: str
    sentences: list[Said]


def answers(inputs: Inputs) -> list[Answer]:
    """Answer every question about which the numbers say anything."""
    found = [
        Answer(
            "Does an arm write profiles at all?",
            said([*writes(inputs), *omissions(inputs)], inputs, in_full=True),
        ),
        Answer(
            "Are the profiles like the people of the dataset?",
            said([*resembles(inputs), *focuses(inputs)], inputs),
        ),
        Answer("Are the profiles consistent?", said(consistent(inputs), inputs)),
        Answer("Do they associate things that the data does not?", said(associated(inputs), inputs)),
        Answer("Does an arm repeat itself, or its data?", said(repeats(inputs), inputs)),
        Answer("Prompted or fine-tuned: what differs?", said(prompting(inputs), inputs)),
        Answer("Did training teach anything about people it never saw?", said(learns(inputs), inputs)),
        Answer("What do the declared contrasts show?", said(declared(inputs), inputs, in_full=True)),
        Answer("What does the augmentation change?", [*augmentation(inputs)]),
    ]
    return [answer for answer in found if answer.sentences]


def writes(inputs: Inputs) -> Iterator[str]:
    """Name the arms with the most and the fewest valid profiles under the headline prompt."""
    prompt = inputs.headline_prompt.id
    rows = [row for row in inputs.tables[ValidityRow] if row.prompt == prompt]
    if not rows:
        return
    best, worst = max(row.rate.rate for row in rows), min(row.rate.rate for row in rows)
    most, fewest = ([row for row in rows if row.rate.rate == rate] for rate in (best, worst))
    if best == worst:
        yield f"Under the prompt {prompt}, every arm wrote the same share of valid profiles: {_all(rows)}."
        return
    yield (
        f"Under the prompt {prompt}, the share of profiles that fit the schema was largest for {_all(most)}, "
        f"and smallest for {_all(fewest)}."
    )
    if max(row.rate.high for row in fewest) < min(row.rate.low for row in most):
        yield "Their intervals do not overlap: such a large difference is hardly chance."
    else:
        which = "Some of their" if len([*most, *fewest]) > 2 else "Their"
        yield f"{which} intervals overlap: with so few draws, the order of these arms is not settled."


def resembles(inputs: Inputs) -> Iterator[str]:
    """Say how many protected fields lie above their null bands, and how many chance alone puts there."""
    found = inputs.outside("total_variation")
    if found is None:
        return
    lie = "lies above its" if found.n_outside == 1 else "lie above their"
    yield (
        f"{many(found.n, 'distance')} between an arm and its dataset could be computed (one per arm, "
        "prompt and protected field, among profiles with a valid value); "
        f"[{found.n_outside} of them](total_variation) {lie} null band. "
        f"Chance alone would put up to about {found.n_by_chance:.0f} there."
    )
    protected = [row for row in inputs.tables[TotalVariationRow] if row.role == "protected"]
    yield from _above_by_arm([row for row in protected if row.band.band_high is not None], inputs.arms)


def focuses(inputs: Inputs) -> Iterator[Said]:
    """Say how often each arm writes the level in which the two datasets differ most."""
    focus = focus_of(inputs)
    if focus is None:
        return
    data = listed([f"{percent(share)} of {focus.people[name]}" for name, share in focus.shares.items()])
    if focus.differs:
        yield f"The two datasets differ most in {focus.field}: {focus.level} is {data}."
    else:
        yield (
            "The two datasets have the same shares in every protected field, so that only what goes with "
            f"them can differ; in {focus.field}, {focus.level} is {data}."
        )
    told = [_share(share) for share in arm_shares(inputs, focus) if share.share is not None]
    if told:
        yield f"Its share among profiles with a valid value (prompt {inputs.headline_prompt.id}):"
        yield told


def repeats(inputs: Inputs) -> Iterator[str]:
    """Count distinct profiles and copies over all cells."""
    for row in inputs.tables[RepeatsRow]:
        yield (
            f"Within their arm and prompt, [{row.n_distinct} of {many(row.n, 'readable profile')}](diversity)"
            f"{together(row, ' of ')} differ from each other."
        )
        how_many = f"[{row.n_copies or 'None'} of {row.n}](copies)"
        yield f"{how_many} repeat{'' if row.n_copies > 1 else 's'} a training record word for word."


def learns(inputs: Inputs) -> Iterator[str]:
    """Compare the arm that predicts the test people of a dataset best with the base alone."""
    for data, cells in inputs.score.get(LOSS_SPLIT, {}).items():
        found = {arm: cells[arm] for arm in loss_arms(inputs) if arm in cells}
        base = next((arm for arm in found if arm.endswith("/none")), None)
        best = min(found, key=lambda arm: found[arm]["loss"], default=None)
        if base is None or best is None or best == base:
            continue
        yield (
            f"The {many(int(found[best]['n']), 'unseen person', 'unseen people')} of the {data} dataset "
            f"are predicted best by {best}: [{_loss(found[best])}](score) nats per token, "
            f"against {_loss(found[base])} for the base alone."
        )
        yield from taught(inputs, data, best)


def _all(rows: Sequence[ValidityRow]) -> str:
    """List the arms, each with its own n: equal shares may come from different numbers of draws."""
    return listed([f"{row.arm}, {_valid(row)}" for row in rows])


def _valid(row: ValidityRow) -> str:
    hanging = f"; {of_conversations(row)}" if row.n_conversations < row.n else ""
    return (
        f"[{row.n_valid} of {row.n}](validity) "
        f"(true share {percent(row.rate.low)} to {percent(row.rate.high)}{hanging})"
    )


def _above_by_arm(rows: Sequence[TotalVariationRow], arms: Sequence[str]) -> Iterator[str]:
    by_arm = {arm: [row.above_band for row in rows if row.arm == arm] for arm in arms}
    counts = [f"{arm} {found.count(True)} of {len(found)}" for arm, found in by_arm.items() if found]
    yield (
        f"By arm: {'; '.join(counts)}. A distance inside its band does not prove likeness: few "
        "profiles can hide much."
    )


def _share(share: ArmShare) -> str:
    value = round(share.share or 0.0, 12)
    said = f"[{share.n_with_level} of {share.n}](distributions) for {share.arm}{in_brackets(share.of)}"
    if share.low is None or share.high is None:
        return f"{said}: draws that are not independent, so without a null band"
    where = "inside" if share.low <= value <= share.high else "outside"
    band = f"{percent(share.low)} to {percent(share.high)}"
    return f"{said}: {where} the null band, {band}"


def _loss(cell: dict[str, float]) -> str:
    ends = f" ({span(cell['low'], cell['high'])})" if "low" in cell else ""
    return f"{rounded(cell['loss'])}{ends}"
