"""The headline: at most MAX_NUMBERS numbers, so that `dvc metrics diff` can be read."""

from collections.abc import Mapping, Sequence

from stages.common.comparison import condition_of, headline_prompt, is_constrained
from stages.common.prompts import AskedPrompt
from stages.common.tables.base import ALL, NotComputed, Rate, Row
from stages.common.tables.contrasts import ContrastRow
from stages.common.tables.fidelity import TotalVariationRow
from stages.common.tables.format import (
    ANY,
    AdherenceRow,
    FunnelRow,
    PresenceRow,
    RuleRow,
    ValidityRow,
)
from stages.common.tables.learning import CONTENT, GainRow
from stages.common.tables.totals import MeanVariationRow
from stages.common.tables.variety import CopiesRow, DiversityRow
from stages.evaluate.rows import rows_of

MAX_NUMBERS = 60
BOUND = "drawn under the schema's grammar: what it writes is not only what it learnt"

MEASURES = (
    ("n",),
    ("valid_rate", "valid_rate_low", "valid_rate_high"),
    ("content_gain", "content_gain_low", "content_gain_high"),
    ("n_parsed",),
    ("total_variation_protected",),
    ("rules_broken_rate", "rules_broken_rate_low", "rules_broken_rate_high"),
    ("n_distinct",),
    ("n_copies",),
    ("adherence_rate", "adherence_rate_low", "adherence_rate_high", "n_adherence"),
    ("presence_rate", "presence_rate_low", "presence_rate_high"),
    ("fits_rate", "fits_rate_low", "fits_rate_high"),
    ("n_protected_above_band",),
)
"""The most important first: with many arms, the last are left to the tables. Intervals go with them."""


def headline(rows: Sequence[Row], prompts: Sequence[AskedPrompt]) -> dict[str, dict[str, float]]:
    """The primary contrast, and measures by arm; none of arms drawn under a grammar.

    Measures are about the headline prompt's draws, adherence about all prompts with `given`. `content_gain`
    is about unseen people of the arm's own dataset, in nats per person.
    """
    shown = _shown(rows, prompts)
    kept = [name for group in _kept(shown, _room(rows)) for name in group]
    by_arm = {arm: {name: found[name] for name in kept if name in found} for arm, found in shown.items()}
    return _primary(rows) | by_arm


def left_to_tables(rows: Sequence[Row], prompts: Sequence[AskedPrompt]) -> list[Row]:
    """The rows that say what the headline has no room for, and why."""
    prompt, shown = headline_prompt(prompts).id, _shown(rows, prompts)
    kept = _kept(shown, _room(rows))
    left = [(ALL, group[0]) for group in MEASURES if group not in kept]
    left += [(arm, "") for arm in _arms(rows) if arm not in shown]
    reason = f"the headline holds {MAX_NUMBERS} numbers; see the tables"
    full = [
        NotComputed(arm=arm, prompt=prompt, table="headline", contrast=measure, reason=reason)
        for arm, measure in left
    ]
    bound = [
        NotComputed(arm=arm, prompt=ALL, table=table, reason=BOUND)
        for arm in _all_arms(rows)
        if is_constrained(arm)
        for table in ("headline", "permanova", "effects")
    ]
    return [*full, *bound]


def _shown(rows: Sequence[Row], prompts: Sequence[AskedPrompt]) -> dict[str, dict[str, float]]:
    """All measures of the arms for which there is room."""
    return {arm: _measures(arm, rows, prompts) for arm in _arms(rows)[: _room(rows)]}


def _kept(shown: Mapping[str, Mapping[str, float]], room: int) -> list[tuple[str, ...]]:
    """The measures that fit, the most important first; those that no arm has take no room."""
    kept: list[tuple[str, ...]] = []
    for group in MEASURES:
        size = sum(name in found for found in shown.values() for name in group)
        if size <= room:
            kept.append(group)
            room -= size
    return kept


def _arms(rows: Sequence[Row]) -> list[str]:
    """The arms that the headline is about."""
    return [arm for arm in _all_arms(rows) if not is_constrained(arm)]


def _all_arms(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row.arm for row in rows_of(ValidityRow, rows)))


def _room(rows: Sequence[Row]) -> int:
    """Floats that the primary contrast leaves to the arms."""
    return MAX_NUMBERS - sum(map(len, _primary(rows).values()))


def _primary(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """{} if it was not tested."""
    names = ("n_a", "n_b", "value_a", "value_b", "difference", "low", "high", "p_adjusted")
    found = next((row for row in rows_of(ContrastRow, rows) if row.primary), None)
    values = {name: getattr(found, name) for name in names} if found else {}
    known = {name: value for name, value in values.items() if value is not None}
    return {"primary_contrast": known} if known else {}


def _measures(arm: str, rows: Sequence[Row], prompts: Sequence[AskedPrompt]) -> dict[str, float]:
    """A measure that is not computed has no key."""
    of_arm = [row for row in rows if row.arm == arm]
    cell = [row for row in of_arm if row.prompt == headline_prompt(prompts).id]
    return {**_format(cell), **_content(cell), **_adherence(of_arm, prompts), **_learnt(of_arm)}


def _format(cell: list[Row]) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in rows_of(ValidityRow, cell):
        found |= {"n": row.n, "n_parsed": row.n_readable}
        found |= _share("valid_rate", [(row.rate, 1)])
    fits = [row.rate for row in rows_of(FunnelRow, cell) if row.step == "fits"]
    present = [row.rate for row in rows_of(PresenceRow, cell)]
    for name, rates in (("fits_rate", fits), ("presence_rate", present)):
        found |= _share(name, [(rate, 1) for rate in rates])
    return found


def _content(cell: list[Row]) -> dict[str, float]:
    found: dict[str, float] = {}
    protected = [row for row in rows_of(TotalVariationRow, cell) if row.role == "protected"]
    for mean in rows_of(MeanVariationRow, cell):
        found["total_variation_protected"] = mean.tv
        if all(row.band.band_high is not None for row in protected):
            found["n_protected_above_band"] = sum(row.above_band for row in protected)
    for rule in rows_of(RuleRow, cell):
        if (rule.rule, rule.of) == (ANY, "generated"):
            found |= _share("rules_broken_rate", [(rule.rate, 1)])
    for diversity in rows_of(DiversityRow, cell):
        found["n_distinct"] = diversity.n_distinct
    for copies in rows_of(CopiesRow, cell):
        found["n_copies"] = copies.n_copies
    return found


def _adherence(rows: list[Row], prompts: Sequence[AskedPrompt]) -> dict[str, float]:
    """How often parsed profiles follow what their prompt fixes; a field left out is not as asked."""
    fixed = {(prompt.id, path) for prompt in prompts for path in prompt.given}
    agreed = {(row.prompt, row.field): row for row in rows_of(AdherenceRow, rows)}
    there = [row for row in rows_of(PresenceRow, rows) if (row.prompt, row.field) in fixed]
    rates = [(_followed(agreed.get((row.prompt, row.field)), row), row.n) for row in there]
    return {**_share("adherence_rate", rates), "n_adherence": sum(row.n for row in there)} if there else {}


def _followed(found: AdherenceRow | None, there: PresenceRow) -> Rate:
    """There and as asked: both rates multiply, and so do the ends of their intervals (rather too wide)."""
    if found is None:
        return Rate(rate=0.0, low=0.0, high=there.rate.high)
    if found.n_compared == there.n:
        return found.rate
    low, high = found.rate.low * there.rate.low, found.rate.high * there.rate.high
    return Rate(rate=found.n_agree / there.n, low=low, high=high)


def _learnt(rows: list[Row]) -> dict[str, float]:
    """The content gain of a tuned arm on its own dataset."""
    own = [
        row for row in rows_of(GainRow, rows) if row.field == CONTENT and row.data == condition_of(row.arm)
    ]
    ends = [{"": row.gain, "_low": row.low, "_high": row.high} for row in own]
    return {f"content_gain{end}": value for one in ends for end, value in one.items() if value is not None}


def _share(name: str, rates: Sequence[tuple[Rate, int]]) -> dict[str, float]:
    """The mean of rates, with the mean of their intervals, which is rather too wide for several rates.

    Args:
        rates: each with its weight.
    """
    weight = sum(size for _, size in rates)
    ends = {"": "rate", "_low": "low", "_high": "high"}
    return {
        f"{name}{end}": sum(getattr(rate, key) * size for rate, size in rates) / weight
        for end, key in ends.items()
        if weight
    }
