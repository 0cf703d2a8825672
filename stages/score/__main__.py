"""Score every held-out profile under the base and under each adapter.

python -m stages.score
"""

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from tqdm import tqdm

from stages.common.files import read_records, write_metrics, write_records
from stages.common.llm.attention import BRANCHED
from stages.common.llm.bases import load_base_entry, refuse_other_weights
from stages.common.llm.devices import empty_cache, pick_device
from stages.common.llm.kept import Kept, all_batches, computed_with
from stages.common.llm.loading import add_adapters, load_base, load_tokenizer, using
from stages.common.llm.ranks import joined
from stages.common.params import load_params
from stages.common.records import CONDITIONS, Condition, Example, ProfileLoss, Split
from stages.score.params import ScoreParams
from stages.score.scoring import HeldOut, Scorer, known, packs
from stages.score.summary import summarize
from stages.shell.checked import check_losses
from stages.shell.launched import start
from stages.shell.memory import PeakMemory
from stages.shell.rank import is_first
from stages.shell.runs import recorded
from stages.shell.used import Used
from stages.shell.work import continued

PREPARED = Path("data/prepared")
ADAPTERS = {condition: Path("models/adapters") / condition for condition in CONDITIONS}
HELD_OUT: tuple[Split, ...] = ("validation", "test")
SCORES = Path("data/scores/nll.jsonl")
METRICS = Path("metrics/score.json")


def main() -> None:
    used, device = Used("score"), pick_device()
    with recorded("score", [SCORES, METRICS]) as machine, joined(device), PeakMemory(device) as peak:
        params = load_params(ScoreParams, section="score")
        name, base = load_base_entry()
        refuse_other_weights(base, ADAPTERS.values())
        model = add_adapters(load_base(name, base, device, BRANCHED), ADAPTERS)
        max_length = model.config.get_text_config().max_position_embeddings
        scorer = Scorer(model, load_tokenizer(name, base), base.template, max_length)
        rows = held_out(scorer)
        with continued("score", computed_with(name, base, params, device), used) as folder:
            losses = score_all(scorer, name, rows, params.records_per_pack, Kept(folder, ProfileLoss))
            used.refuse_changes()
            if is_first():
                write_records(SCORES, losses)
                write_metrics(METRICS, summarize(losses, params))
        machine |= {"device": device.type, "peak_memory_bytes": peak.bytes}


def held_out(scorer: Scorer) -> list[HeldOut]:
    """Both held-out splits of both conditions."""
    return [row for condition in CONDITIONS for split in HELD_OUT for row in _read(scorer, condition, split)]


def score_all(
    scorer: Scorer, base_name: str, rows: Sequence[HeldOut], size: int, kept: Kept[ProfileLoss]
) -> list[ProfileLoss]:
    """All records under the base and under both adapters.

    Args:
        size: records of a pack. Several processes share the packs.
        kept: packs that a killed run computed.
    """
    check_losses(scorer.model, [row.pair for row in rows])
    arms: dict[Condition | None, str] = {None: f"{base_name}/none"}
    arms |= {condition: f"{base_name}+lora/{condition}" for condition in CONDITIONS}
    work = [(adapter, places) for adapter in arms for places in packs(rows, size)]
    before = [[known(rows[place], arms[adapter]) for place in places] for adapter, places in work]

    def compute(mine: Sequence[int]) -> Iterator[list[ProfileLoss]]:
        n_mine = sum(len(work[number][1]) for number in mine)
        with tqdm(total=n_mine, unit="profile", file=sys.stderr, disable=not is_first()) as bar:
            for adapter, of_adapter in groupby(mine, key=lambda number: work[number][0]):
                bar.set_postfix_str(arms[adapter])
                with using(scorer.model, adapter):
                    for number in of_adapter:
                        places = work[number][1]
                        yield scorer.score([rows[place] for place in places], arms[adapter])
                        empty_cache(scorer.model.device)
                        bar.update(len(places))

    found: dict[tuple[str, int], ProfileLoss] = {}
    for (adapter, places), losses in zip(work, all_batches(kept, before, compute), strict=True):
        found |= zip(((arms[adapter], place) for place in places), losses, strict=True)
    return [found[arm, place] for arm in arms.values() for place in range(len(rows))]


def _read(scorer: Scorer, condition: Condition, split: Split) -> list[HeldOut]:
    file = PREPARED / condition / f"{split}.jsonl"
    return scorer.held_out(read_records(file, Example), condition, split, str(file))


if __name__ == "__main__":
    start(main)
