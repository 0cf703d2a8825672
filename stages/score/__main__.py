"""Score every held-out profile under the base and under each adapter.

python -m stages.score
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path

from tqdm import tqdm

from stages.common.files import read_records, write_metrics, write_records
from stages.common.llm.attention import BRANCHED
from stages.common.llm.bases import load_base_entry, refuse_other_weights
from stages.common.llm.devices import empty_cache, pick_device
from stages.common.llm.loading import add_adapters, load_base, load_tokenizer, using
from stages.common.llm.ranks import joined, own, together
from stages.common.params import load_params
from stages.common.records import CONDITIONS, Condition, Example, ProfileLoss, Split
from stages.score.params import ScoreParams
from stages.score.scoring import Scorer
from stages.score.summary import summarize
from stages.shell.checked import check_losses
from stages.shell.launched import start
from stages.shell.memory import PeakMemory
from stages.shell.rank import is_first
from stages.shell.runs import recorded

PREPARED = Path("data/prepared")
ADAPTERS = {condition: Path("models/adapters") / condition for condition in CONDITIONS}
HELD_OUT: tuple[Split, ...] = ("validation", "test")
SCORES = Path("data/scores/nll.jsonl")
METRICS = Path("metrics/score.json")


def main() -> None:
    device = pick_device()
    with recorded("score", [SCORES, METRICS]) as machine, joined(device), PeakMemory(device) as peak:
        params = load_params(ScoreParams, section="score")
        name, base = load_base_entry()
        refuse_other_weights(base, ADAPTERS.values())
        model = add_adapters(load_base(name, base, device, BRANCHED), ADAPTERS)
        max_length = model.config.get_text_config().max_position_embeddings
        scorer = Scorer(model, load_tokenizer(name, base), base.template, max_length, params.records_per_pack)
        losses = score_all(scorer, name)
        if is_first():
            write_records(SCORES, losses)
            write_metrics(METRICS, summarize(losses, params))
        machine |= {"device": device.type, "peak_memory_bytes": peak.bytes}


@dataclass(frozen=True)
class Piece:
    """A pack of one file under one arm."""

    adapter: Condition | None
    data: Condition
    split: Split
    rows: range
    """Places of its records in the file."""


def score_all(scorer: Scorer, base_name: str) -> list[ProfileLoss]:
    """Both held-out splits of both conditions under the base and under both adapters."""
    data = {(c, s): read_records(PREPARED / c / f"{s}.jsonl", Example) for c in CONDITIONS for s in HELD_OUT}
    pairs = {key: scorer.pairs(rows, f"{PREPARED.joinpath(*key)}.jsonl") for key, rows in data.items()}
    check_losses(scorer.model, [*chain(*pairs.values())])
    work = _pieces({key: len(rows) for key, rows in data.items()}, scorer.records_per_pack)
    mine, found = own(work), dict[Piece, list[ProfileLoss]]()
    with tqdm(
        total=sum(len(p.rows) for p in mine), unit="profile", file=sys.stderr, disable=not is_first()
    ) as bar:
        for adapter, pieces in groupby(mine, key=attrgetter("adapter")):
            arm = f"{base_name}+lora/{adapter}" if adapter else f"{base_name}/none"
            bar.set_postfix_str(arm)
            with using(scorer.model, adapter):
                for piece in pieces:
                    key, rows = (piece.data, piece.split), slice(piece.rows.start, piece.rows.stop)
                    examples, tokens = data[key][rows], pairs[key][rows]
                    found[piece] = [*scorer.score(examples, tokens, arm, *key)]
                    bar.update(len(piece.rows))
            empty_cache(scorer.model.device)
    all_found = together(found)
    return [loss for piece in work for loss in all_found[piece]]


def _pieces(n_records: Mapping[tuple[Condition, Split], int], size: int) -> list[Piece]:
    """The packs of every file under every arm, in order."""
    return [
        Piece(adapter, *key, range(start, min(start + size, n)))
        for adapter in (None, *CONDITIONS)
        for key, n in n_records.items()
        for start in range(0, n, size)
    ]


if __name__ == "__main__":
    start(main)
