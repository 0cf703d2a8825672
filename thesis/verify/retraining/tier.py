"""Tier 5: both adapters trained again, compared by hash, otherwise by what they compute."""

from collections.abc import Iterator, Sequence
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING

from stages.common.files import read_records, sha256_of
from stages.common.params import load_params
from stages.common.records import CONDITIONS, Completion, Condition
from thesis.verify.artifacts import ADAPTERS, GENERATED, SUMMARY
from thesis.verify.findings import Finding, Tier, unchecked
from thesis.verify.replay.receipts import judged
from thesis.verify.replay.unread import unread
from thesis.verify.retraining.judging import judged_metrics, metrics_in
from thesis.verify.scratch import run_stage, set_aside
from thesis.verify.tolerances import TrainingTolerances, training_tolerances

if TYPE_CHECKING:
    from thesis.verify.replay.again import Loaded

TAKES = (
    "as long as both trainings: 10 to 15 minutes with the default base on a laptop's processor, hours with "
    "Llama 2; on another machine than the author's 5 minutes more, to compare what the adapters compute"
)
PROVES = ("The adapters follow from these people, parameters and this code.",)
DOES_NOT = (
    "That the author tried no other seeds or parameters before these.",
    "That the base and the raw data are what their licences and the datasheet say.",
)


def check(root: Path) -> Iterator[Finding]:
    """Train again in a scratch clone, in which the adapters are replaced."""
    tolerances, others = training_tolerances(), list[Condition]()
    for condition in CONDITIONS:
        stage, file = f"train_{condition}", f"metrics/train_{condition}.json"
        if not (root / ADAPTERS[condition]).exists() or not (root / file).exists():
            yield unchecked(stage, "adapter", "the one on record is not pulled")
            continue
        adapter, recorded = ADAPTERS[condition], metrics_in(root / file)
        kept = set_aside(root, [adapter.as_posix()]) / adapter
        if failed := run_stage(root, "stages.train", "--condition", condition, shows=True):
            yield unchecked(stage, "adapter trained again", failed)
            continue
        before, after = sha256_of(kept), sha256_of(root / adapter)
        if before == after:
            yield Finding(stage, "sha256 of the adapter trained again", before, after, True)
        else:
            others.append(condition)
            yield _other_bytes(stage, before, after)
        yield judged_metrics(stage, file, recorded, metrics_in(root / file), tolerances.loss)
    if others:
        yield from _computed(root, tolerances)


def _other_bytes(stage: str, before: str, after: str) -> Finding:
    got = f"{after[:12]}…, as is usual on another machine; what it computes is compared below"
    return Finding(stage, "sha256 of the adapter trained again", f"{before[:12]}…", got, False, is_note=True)


def _computed(root: Path, tolerances: TrainingTolerances) -> Iterator[Finding]:
    """Recorded tokens and losses under the adapters that were trained again."""
    with chdir(root):
        from stages.score.params import ScoreParams
        from stages.score.summary import summarize
        from thesis.verify.replay.again import load  # lazily: it brings torch
        from thesis.verify.replay.scored import scored_again

        loaded = load()
        rows = read_records(GENERATED, Completion)
        slack = tolerances.logits / loaded.params.temperature
        for arm in loaded.arms:
            if arm.adapter:
                own = [row for row in rows if row.arm == arm.name]
                yield judged(arm.name, [*loaded.receipts(arm, own, slack)], slack)
        yield from unread(loaded, rows)
        yield from _of_other_tiers(loaded, rows)
        again = summarize(scored_again(loaded), load_params(ScoreParams, section="score"))
        yield judged_metrics("score", SUMMARY.as_posix(), metrics_in(SUMMARY), again, tolerances.loss)


def _of_other_tiers(loaded: "Loaded", rows: Sequence[Completion]) -> Iterator[Finding]:
    """How many readable completions of arms without an adapter are left to tier 3."""
    bare = {arm.name for arm in loaded.arms if not arm.adapter}
    if n := sum(row.arm in bare and not loaded.unreadable(row) for row in rows):
        what = f"tokens of {n} of {len(rows)} completions"
        yield unchecked("generate", what, "they need no adapter: tier 3 checks them", is_note=True)


TIER = Tier(
    number=5,
    title="Do the adapters follow from the data?",
    takes=TAKES,
    proves=PROVES,
    does_not=DOES_NOT,
    check=check,
)
