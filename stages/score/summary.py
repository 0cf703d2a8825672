"""metrics/score.json: the table of losses, data × arm, with intervals over people."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

from stages.common.files import Metrics
from stages.common.records import ProfileLoss
from stages.common.seeds import seed_for
from stages.score.params import ScoreParams


def summarize(losses: Sequence[ProfileLoss], params: ScoreParams) -> Metrics:
    """{split: {data: {arm: nats per token, its interval, n people}}}."""
    groups: dict[tuple[str, str, str], list[ProfileLoss]] = defaultdict(list)
    for loss in losses:
        groups[loss.split, loss.data, loss.arm].append(loss)
    table: dict[str, dict[str, dict[str, Metrics]]] = defaultdict(lambda: defaultdict(dict))
    for (split, data, arm), rows in groups.items():
        table[split][data][arm] = cell(rows, params, seed_for(params.seed, split, data, arm))
    return table


def cell(rows: Sequence[ProfileLoss], params: ScoreParams, seed: int) -> Metrics:
    """Mean loss per token with a BCa bootstrap interval over people (Efron 1987).

    Every token weighs the same, so a long profile weighs more than a short one. People with
    several records are drawn as a whole. The interval is left out if all losses are equal
    or there are fewer than 3 people.
    """
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in rows:
        sums[row.source_id][0] += row.nll
        sums[row.source_id][1] += row.n_tokens
    nll, n_tokens = np.array([sums[person] for person in sorted(sums)]).T  # in no order of rows
    found: dict[str, float] = {"loss": float(nll.sum() / n_tokens.sum()), "n": len(sums)}
    if len(sums) >= 3 and np.ptp(nll / n_tokens) > 0:
        result = bootstrap(
            (nll, n_tokens),
            _per_token,
            paired=True,
            vectorized=True,
            n_resamples=params.resamples,
            confidence_level=params.confidence,
            rng=np.random.default_rng(seed),
        )
        low, high = result.confidence_interval
        if np.isfinite([low, high]).all():
            found |= {"low": float(low), "high": float(high)}
    return found


def _per_token(
    nll: NDArray[np.float64], n_tokens: NDArray[np.float64], axis: int = -1
) -> NDArray[np.float64]:
    return np.asarray(nll.sum(axis) / n_tokens.sum(axis))
