"""The headline: at most MAX_NUMBERS numbers, so that `dvc metrics diff` can be read."""

from collections.abc import Sequence

from stages.common.comparison import headline_prompt, is_constrained
from stages.common.prompts import AskedPrompt
from stages.evaluate.contrasts.family import ContrastRow
from stages.evaluate.fidelity.marginal import TotalVariationRow
from stages.evaluate.format.adherence import AdherenceRow
from stages.evaluate.format.presence import PresenceRow
from stages.evaluate.format.rules import ANY, RuleRow
from stages.evaluate.format.validity import StatusRow, ValidityRow
from stages.evaluate.rows import ALL, NotComputed, Row, rows_of
from stages.evaluate.variety.copies import CopiesRow
from stages.evaluate.variety.diversity import DiversityRow

MAX_NUMBERS = 60
BOUND = "drawn under the schema's grammar: what it writes is not only what it learnt"

MEASURES = (
    "n",
    "valid_rate",
    "n_parsed",
    "total_variation_protected",
    "rules_broken_rate",
    "n_distinct",
    "n_copies",
    "adherence_rate",
    "n_adherence",
    "presence_rate",
    "strict_rate",
    "n_protected_above_band",
)
"""The most important first: with many arms, the last are left to the tables."""


def headline(rows: Sequence[Row], prompts: Sequence[AskedPrompt]) -> dict[str, dict[str, float]]:
    """The primary contrast, and measures by arm; of arms drawn under a grammar none.

    Measures are of the headline prompt's draws, adherence of all prompts
    with `given`.
    """
    arms, room = _arms(rows), _room(rows)
    shown = {arm: _measures(arm, rows, prompts) for arm in arms[:room]}
    kept = MEASURES[: _kept_measures(len(arms), room)]
    by_arm = {arm: {name: found[name] for name in kept if name in found} for arm, found in shown.items()}
    return _primary(rows) | by_arm


def left_to_tables(rows: Sequence[Row], prompts: Sequence[AskedPrompt]) -> list[Row]:
    """What the headline has no room for, with the reason."""
    arms, room, prompt = _arms(rows), _room(rows), headline_prompt(prompts).id
    left = [("(all)", f"headline {measure}") for measure in MEASURES[_kept_measures(len(arms), room) :]]
    left += [(arm, "headline") for arm in arms[room:]]
    reason = f"the headline holds {MAX_NUMBERS} numbers; see the tables"
    full = [NotComputed(arm, prompt, statistic, "", reason) for arm, statistic in left]
    bound = [arm for arm in _all_arms(rows) if is_constrained(arm)]
    return [*full, *(NotComputed(arm, ALL, "headline, permanova, effects", "", BOUND) for arm in bound)]


def _arms(rows: Sequence[Row]) -> list[str]:
    """Those that the headline is about."""
    return [arm for arm in _all_arms(rows) if not is_constrained(arm)]


def _all_arms(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row.arm for row in rows_of(ValidityRow, rows)))


def _room(rows: Sequence[Row]) -> int:
    """Numbers that the primary contrast leaves to the arms."""
    return MAX_NUMBERS - sum(map(len, _primary(rows).values()))


def _kept_measures(n_arms: int, room: int) -> int:
    return max(1, room // max(1, n_arms))


def _primary(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """{} if it was not tested."""
    names = ("n_a", "n_b", "value_a", "value_b", "difference", "p_adjusted")
    found = next((row for row in rows_of(ContrastRow, rows) if row.primary), None)
    return {"primary_contrast": {name: getattr(found, name) for name in names}} if found else {}


def _measures(arm: str, rows: Sequence[Row], prompts: Sequence[AskedPrompt]) -> dict[str, float]:
    """A measure that is not computed has no key."""
    of_arm = [row for row in rows if row.arm == arm]
    cell = [row for row in of_arm if row.prompt == headline_prompt(prompts).id]
    return {**_format(cell), **_content(cell), **_adherence(of_arm, prompts)}


def _format(cell: list[Row]) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in rows_of(ValidityRow, cell):
        counts = {status.status: status.n for status in rows_of(StatusRow, cell)}
        found |= {"n": row.n, "valid_rate": row.rate.rate, "strict_rate": counts["strict"] / row.n}
        found |= {"n_parsed": counts["strict"] + counts["repaired"]}
    present = rows_of(PresenceRow, cell)
    return found | ({"presence_rate": _mean([row.rate.rate for row in present])} if present else {})


def _content(cell: list[Row]) -> dict[str, float]:
    found: dict[str, float] = {}
    protected = [row for row in rows_of(TotalVariationRow, cell) if row.role == "protected"]
    if protected:
        found["total_variation_protected"] = _mean([row.tv for row in protected])
        if all(row.band.band_high is not None for row in protected):
            found["n_protected_above_band"] = sum(row.above_band for row in protected)
    for rule in rows_of(RuleRow, cell):
        if (rule.rule, rule.of) == (ANY, "generated"):
            found["rules_broken_rate"] = rule.rate.rate
    for diversity in rows_of(DiversityRow, cell):
        found["n_distinct"] = diversity.n_distinct
    for copies in rows_of(CopiesRow, cell):
        found["n_copies"] = copies.n_copies
    return found


def _adherence(rows: list[Row], prompts: Sequence[AskedPrompt]) -> dict[str, float]:
    """Of all parsed profiles, and every field that their prompt fixes: one left out is not as asked."""
    fixed = {(prompt.id, path) for prompt in prompts for path in prompt.given}
    n = sum(row.n for row in rows_of(PresenceRow, rows) if (row.prompt, row.field) in fixed)
    n_agree = sum(row.n_agree for row in rows_of(AdherenceRow, rows))
    return {"adherence_rate": n_agree / n, "n_adherence": n} if n else {}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
