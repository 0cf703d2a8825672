"""Tier 5: both adapters trained again, compared by hash, otherwise by what they compute."""

from collections.abc import Iterator, Mapping
from contextlib import chdir
from pathlib import Path

from stages.common.files import read_json, read_records, sha256_of
from stages.common.params import load_params
from stages.common.records import CONDITIONS, Completion, Condition
from thesis.verify.findings import Finding, Tier, unchecked
from thesis.verify.replay.receipts import judged
from thesis.verify.retraining.judging import judged_metrics
from thesis.verify.retraining.training import ADAPTERS, set_aside, train
from thesis.verify.tolerances import TrainingTolerances, training_tolerances

GENERATED = Path("data/generated/completions.jsonl")
SUMMARY = Path("metrics/score.json")
TAKES = (
    "as long as both trainings: about 10 minutes with the default base on a laptop's processor, hours with "
    "Llama 2; on another machine than the author's 5 minutes more, to compare what the adapters compute"
)
PROVES = ("The adapters follow from these people, parameters and this code.",)
DOES_NOT = (
    "That the author tried no other seeds or parameters before these.",
    "That the base and the raw data are what their licences and the datasheet say.",
)


def tier() -> Tier:
    return Tier(
        number=5,
        title="Do the adapters follow from the data?",
        takes=TAKES,
        proves=PROVES,
        does_not=DOES_NOT,
        check=check,
    )


def check(root: Path) -> Iterator[Finding]:
    """Train again in a scratch clone, in which the adapters are replaced."""
    tolerances, others = training_tolerances(), list[Condition]()
    for condition in CONDITIONS:
        stage, file = f"train_{condition}", f"metrics/train_{condition}.json"
        if not (root / ADAPTERS[condition]).exists() or not (root / file).exists():
            yield unchecked(stage, "adapter", "the one on record is not pulled")
            continue
        recorded, kept = read_json(root / file), set_aside(root, condition)
        if failed := train(root, condition):
            yield unchecked(stage, "adapter trained again", failed)
            continue
        before, after = sha256_of(kept), sha256_of(root / ADAPTERS[condition])
        if before == after:
            yield Finding(stage, "sha256 of the adapter trained again", before, after, True)
        else:
            others.append(condition)
            yield _other_bytes(stage, before, after)
        yield judged_metrics(stage, file, recorded, read_json(root / file), tolerances.loss)
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
        rows = _by_arm(read_records(GENERATED, Completion))
        slack = tolerances.logits / loaded.params.temperature
        for arm in loaded.arms:
            if arm.adapter:
                yield judged(arm.name, [*loaded.receipts(arm, rows.get(arm.name, []), slack)], slack)
        again = summarize(scored_again(loaded), load_params(ScoreParams, section="score"))
        yield judged_metrics("score", SUMMARY.as_posix(), read_json(SUMMARY), again, tolerances.loss)


def _by_arm(rows: list[Completion]) -> Mapping[str, list[Completion]]:
    found: dict[str, list[Completion]] = {}
    for row in rows:
        found.setdefault(row.arm, []).append(row)
    return found
