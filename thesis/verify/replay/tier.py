"""Tier 3, receipts: losses and completions follow from the adapters, prompts and seeds on record."""

from collections.abc import Iterator, Sequence
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING

from stages.common.files import read_records
from stages.common.records import Completion, ProfileLoss
from thesis.verify.artifacts import GENERATED, SCORES
from thesis.verify.findings import NOT_TRAINED, Finding, Tier, compared
from thesis.verify.replay.losses import judged_losses
from thesis.verify.replay.receipts import choice, judged
from thesis.verify.replay.unread import unread
from thesis.verify.tolerances import computed_in, receipt_tolerances

if TYPE_CHECKING:
    from thesis.verify.replay.again import Loaded

TAKES = (
    "5 to 20 minutes with the default base (93 MB, fetched if it is not there) on a laptop's processor; with "
    "another base about as long as generate and score took"
)
PROVES = (
    "Every recorded token is the one that this base, adapter, prompt and seed give; or almost ties with it.",
    "The recorded losses are those of these people under this base and these adapters.",
)
DOES_NOT = (
    NOT_TRAINED,
    "That the author did not choose the seeds for their result (tier 4 draws with your number).",
)


def check(root: Path) -> Iterator[Finding]:
    """Compute the completions and losses of a project again."""
    with chdir(root):
        from thesis.verify.replay.again import load  # lazily: it brings torch
        from thesis.verify.replay.scored import scored_again

        tolerances, loaded = receipt_tolerances(), load()
        computed = computed_in(loaded.base)
        yield from completions(loaded, read_records(GENERATED, Completion), tolerances.logits[computed])
        recorded = read_records(SCORES, ProfileLoss)
        yield from judged_losses(recorded, scored_again(loaded), tolerances.losses[computed])


def completions(loaded: "Loaded", rows: Sequence[Completion], tolerance: float) -> Iterator[Finding]:
    """Findings about the records themselves, and one per arm about all its tokens.

    Args:
        tolerance: of a difference between two logits.
    """
    yield from _complete(loaded, rows)
    yield from _records(loaded, rows)
    slack, found = tolerance / loaded.params.temperature, list[Finding]()
    for arm in loaded.arms:
        receipts = loaded.receipts(arm, [row for row in rows if row.arm == arm.name], slack)
        found.append(judged(arm.name, list(receipts), slack))
        yield found[-1]
    yield choice(found)
    yield from unread(loaded, rows)


def _complete(loaded: "Loaded", rows: Sequence[Completion]) -> Iterator[Finding]:
    """Whether every arm, prompt and draw is there, once and in order."""
    numbers = range(1, loaded.params.draws + 1)
    expected = [(arm, prompt, draw) for arm, prompt in loaded.asked for draw in numbers]
    found = [(row.arm, row.prompt_id, row.draw) for row in rows]
    yield compared("generate", "completions", len(expected), len(found))
    other = sum(a != b for a, b in zip(expected, found, strict=False))
    yield compared("generate", "completions of another arm, prompt or draw than expected", 0, other)


def _records(loaded: "Loaded", rows: Sequence[Completion]) -> Iterator[Finding]:
    """One line about each kind of mistake in the records."""
    from thesis.verify.replay.records import mistakes_of, summed

    yield from summed(len(rows), [one for row in rows for one in mistakes_of(row, loaded.expected(row))])


TIER = Tier(
    number=3,
    title="Do the tokens and losses come from these adapters?",
    takes=TAKES,
    proves=PROVES,
    does_not=DOES_NOT,
    check=check,
    only_reads=True,
)
