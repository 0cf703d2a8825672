"""Differences between two lists of leads and losses."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


def differences(usual: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, float]:
    """Largest and typical difference of leads and losses, and how many tokens win under one of them only.

    >>> usual, other = {"leads": [1.0, -0.1], "losses": [2.0]}, {"leads": [1.5, 0.1], "losses": [2.0]}
    >>> differences(usual, other)["lead_largest"]
    0.5
    """
    before, after = _numbers(usual["leads"]), _numbers(other["leads"])
    both = np.isfinite(before) & np.isfinite(after)
    lead = np.abs(before[both] - after[both])
    loss = np.abs(np.subtract(usual["losses"], other["losses"]))
    return {
        "lead_largest": float(lead.max()),
        "lead_999_in_1000": float(np.quantile(lead, 0.999)),
        "lead_median": float(np.median(lead)),
        "tokens_that_win_in_one_only": int(np.sum((before >= 0) != (after >= 0))),
        "loss_per_token_largest": float(loss.max()),
        "loss_per_token_median": float(np.median(loss)),
    }


def _numbers(leads: Sequence[float | None]) -> Any:
    return np.array([np.inf if lead is None else lead for lead in leads])
