"""Score every held-out profile under the base and under each adapter.

python -m stages.score
"""

import sys
from itertools import chain
from pathlib import Path

from tqdm import tqdm

from stages.common.files import read_records, write_metrics, write_records
from stages.common.llm.attention import BRANCHED
from stages.common.llm.bases import load_base_entry, refuse_other_weights
from stages.common.llm.devices import empty_cache, pick_device
from stages.common.llm.loading import add_adapters, load_base, load_tokenizer, using
from stages.common.params import load_params
from stages.common.records import CONDITIONS, Condition, Example, ProfileLoss, Split
from stages.score.params import ScoreParams
from stages.score.scoring import Scorer
from stages.score.summary import summarize
from stages.shell.checked import check_losses
from stages.shell.errors import run
from stages.shell.memory import PeakMemory
from stages.shell.runs import recorded

PREPARED = Path("data/prepared")
ADAPTERS = {condition: Path("models/adapters") / condition for condition in CONDITIONS}
HELD_OUT: tuple[Split, ...] = ("validation", "test")
SCORES = Path("data/scores/nll.jsonl")
METRICS = Path("metrics/score.json")


def main() -> None:
    device = pick_device()
    with recorded("score", outputs=[SCORES, METRICS]) as machine, PeakMemory(device) as peak:
        params = load_params(ScoreParams, section="score")
        name, base = load_base_entry()
        refuse_other_weights(base, ADAPTERS.values())
        model = add_adapters(load_base(name, base, device, BRANCHED), ADAPTERS)
        max_length = model.config.get_text_config().max_position_embeddings
        scorer = Scorer(model, load_tokenizer(name, base), base.template, max_length, params.records_per_pack)
        losses = score_all(scorer, name)
        write_records(SCORES, losses)
        write_metrics(METRICS, summarize(losses, params))
        machine |= {"device": str(device), "peak_memory_bytes": peak.bytes}


def score_all(scorer: Scorer, base_name: str) -> list[ProfileLoss]:
    """Both held-out splits of both conditions under the base and under both adapters."""
    data = {(c, s): read_records(PREPARED / c / f"{s}.jsonl", Example) for c in CONDITIONS for s in HELD_OUT}
    pairs = {key: scorer.pairs(rows, f"{PREPARED.joinpath(*key)}.jsonl") for key, rows in data.items()}
    check_losses(scorer.model, [*chain(*pairs.values())])
    by_adapter: dict[Condition | None, str] = {None: f"{base_name}/none"}
    by_adapter |= {condition: f"{base_name}+lora/{condition}" for condition in CONDITIONS}
    losses = []
    with tqdm(total=len(by_adapter) * sum(map(len, data.values())), unit="profile", file=sys.stderr) as bar:
        for adapter, arm in by_adapter.items():
            bar.set_postfix_str(arm)
            with using(scorer.model, adapter):
                for key, examples in data.items():
                    for loss in scorer.score(examples, pairs[key], arm, *key):
                        losses.append(loss)
                        bar.update()
            empty_cache(scorer.model.device)
    return losses


if __name__ == "__main__":
    run(main)
