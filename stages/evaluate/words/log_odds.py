"""Words that mark one group of texts against another: log-odds with an informative Dirichlet prior."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log, sqrt

from stages.evaluate.words.tokens import tokens


def z_scores(
    target: Sequence[str], reference: Sequence[str], prior: Sequence[str] | None = None
) -> dict[str, float]:
    """How much more often the target uses each word than the reference, in standard errors, by word.

    With y the counts of a word among n of the target (i) or the reference (j), and a its count among a0 of
    the prior corpus (1 where it has none):

        delta = ln((y_i + a) / (n_i + a0 - y_i - a)) - ln((y_j + a) / (n_j + a0 - y_j - a))
        z     = delta / sqrt(1 / (y_i + a) + 1 / (y_j + a))

    (Monroe, Colaresi & Quinn 2008, Political Analysis 16:372, eq. 16-22; Cheng, Durmus & Jurafsky
    2023, Marked Personas). Exchanging target and reference negates every score.

    The prior corpus is target and reference together if None. A large one draws all scores towards 0.

    >>> round(z_scores(["warm warm smart"], ["smart smart warm"])["warm"], 3)
    0.665
    """
    y_i, y_j = _counts(target), _counts(reference)
    among = _counts(prior) if prior is not None else y_i + y_j
    a = {word: max(1, among[word]) for word in sorted({*y_i, *y_j, *among})}
    a0 = sum(a.values())
    rests = y_i.total() + a0, y_j.total() + a0
    return {word: _z((y_i[word], y_j[word]), alpha, rests) for word, alpha in a.items()}


def _z(counts: tuple[int, int], alpha: int, totals: tuple[int, int]) -> float:
    """0 where there is but one word: it is then as frequent in both."""
    used = [count + alpha for count in counts]
    others = [total - own for total, own in zip(totals, used, strict=True)]
    if not all(others):
        return 0.0
    delta = log(used[0] / others[0]) - log(used[1] / others[1])
    return delta / sqrt(1 / used[0] + 1 / used[1])


def _counts(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in tokens(text))
