"""Losses of held-out profiles, computed again."""

from stages.common.files import read_records
from stages.common.llm.loading import using
from stages.common.params import load_params
from stages.common.records import CONDITIONS, Condition, Example, ProfileLoss, Split
from stages.score.params import ScoreParams
from stages.score.scoring import HeldOut, Scorer, packs
from thesis.verify.artifacts import HELD_OUT, PREPARED
from thesis.verify.replay.again import Loaded


def scored_again(loaded: Loaded, most: int | None = None) -> list[ProfileLoss]:
    """Losses in the order of data/scores/nll.jsonl.

    Args:
        most: the first records of each file; all if None.
    """
    size = load_params(ScoreParams, section="score").records_per_pack
    window = loaded.model.config.get_text_config().max_position_embeddings
    scorer = Scorer(loaded.model, loaded.tokenizer, loaded.base.template, window)
    rows = [row for c in CONDITIONS for split in HELD_OUT for row in _read(scorer, c, split)[:most]]
    found = []
    for arm in loaded.arms:
        if not arm.excerpt and not arm.is_constrained:
            losses: dict[int, ProfileLoss] = {}
            with using(loaded.model, arm.adapter):
                for places in packs(rows, size):
                    scored = scorer.score([rows[place] for place in places], arm.name)
                    losses |= zip(places, scored, strict=True)
            found += [losses[place] for place in range(len(rows))]
    return found


def _read(scorer: Scorer, condition: Condition, split: Split) -> list[HeldOut]:
    file = PREPARED / condition / f"{split}.jsonl"
    return scorer.held_out(read_records(file, Example), condition, split, str(file))
