"""Compute recorded tokens and losses again with the settings of this process, and write the numbers.

python -m experiments.machines.one --draws 3 --dtype float32 OUT.json
"""

import argparse
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import chain
from math import isfinite
from pathlib import Path

from stages.common.files import read_records, write_json
from stages.common.llm import loading
from stages.common.records import Completion, ProfileLoss
from stages.shell.errors import run
from thesis.verify.artifacts import GENERATED
from thesis.verify.replay.again import Loaded, load
from thesis.verify.replay.scored import scored_again

PROFILES = 1
"""Held-out profiles of each file whose losses are computed."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, required=True, help="completions of each arm and prompt")
    parser.add_argument("--dtype", required=True)
    parser.add_argument("--together", type=int, help="completions in one pass")
    parser.add_argument("--unfolded", action="store_true", help="adapters apart from the base's weights")
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    if args.unfolded:
        loading.folded = nullcontext  # type: ignore[assignment,attr-defined]
    loaded = load(dtype=args.dtype)
    leads = list(chain(*_leads(loaded, args.draws, args.together)))
    losses = list(chain(*map(_per_token, scored_again(loaded, PROFILES))))
    write_json(args.out, {"leads": leads, "losses": losses})


def _leads(loaded: Loaded, draws: int, size: int | None) -> Iterator[list[float | None]]:
    """The lead of each token of the first draws; None where only one token can be drawn.

    Arms with examples are left out: their prompts are long, and their sums the same.
    """
    rows = [row for row in read_records(GENERATED, Completion) if row.draw <= draws]
    for arm in (one for one in loaded.arms if not one.excerpt):
        for receipt in loaded.receipts(arm, [row for row in rows if row.arm == arm.name], 0.0, size):
            yield [lead if isfinite(lead) else None for lead in receipt.leads]


def _per_token(loss: ProfileLoss) -> list[float]:
    """Losses per token of a profile and of each of its fields."""
    return [part.nll / max(1, part.n_tokens) for part in (loss, *loss.fields.values())]


if __name__ == "__main__":
    run(main)
