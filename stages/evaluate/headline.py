"""The headline: few numbers with short names, so that DVC's own views can be read."""

from collections.abc import Iterator, Sequence

from stages.common.comparison import condition_of, headline_prompt, is_constrained, is_tuned, source_of
from stages.common.prompts import AskedPrompt
from stages.common.tables.base import ALL, NotComputed, Row
from stages.common.tables.contrasts import ContrastRow
from stages.common.tables.format import ANY, RuleRow, ValidityRow
from stages.common.tables.learning import CONTENT, FieldLossRow
from stages.common.tables.totals import MeanVariationRow
from stages.evaluate.rows import rows_of

BOUND = "drawn under the schema's grammar: what it writes is not only what it learnt"
SHORT = {"original": "orig", "augmented": "aug"}
Numbers = dict[str, dict[str, float]]


def headline(rows: Sequence[Row], prompts: Sequence[AskedPrompt]) -> Numbers:
    """The primary contrast, and measures of the trained arms; at most 12 numbers.

    Keys are short and name no base: `valid.orig` is about the arm that was trained on the original
    dataset. What cannot be computed has no key. docs/method.md lists them.
    """
    found: Numbers = {}
    for measure, key, value in [*_primary(rows), *_measures(rows, headline_prompt(prompts).id)]:
        found.setdefault(measure, {})[key] = value
    return found


def left_to_tables(rows: Sequence[Row]) -> list[Row]:
    """Rows that say which numbers leave arms out that are drawn under a grammar."""
    return [
        NotComputed(arm=arm, prompt=ALL, table=table, reason=BOUND)
        for arm in dict.fromkeys(row.arm for row in rows_of(ValidityRow, rows))
        if is_constrained(arm)
        for table in ("headline", "permanova", "effects")
    ]


def _primary(rows: Sequence[Row]) -> Iterator[tuple[str, str, float]]:
    """Both values of the primary contrast and its p; nothing if it was not tested."""
    for row in rows_of(ContrastRow, rows):
        if row.primary:
            values = {"a": row.value_a, "b": row.value_b, "p": row.p_adjusted}
            yield from (("primary", key, value) for key, value in values.items())


def _measures(rows: Sequence[Row], prompt: str) -> Iterator[tuple[str, str, float]]:
    """Measures of each trained arm, and how often its base writes a valid profile without data."""
    tuned = {row.arm for row in rows if is_tuned(row.arm)}
    names = {arm: SHORT[condition_of(arm)] for arm in tuned}
    names |= {f"{source_of(arm).removesuffix('+lora')}/none": "base" for arm in tuned}
    cells = [row for row in rows if row.arm in names and row.prompt == prompt]
    scored = [row for row in rows if row.arm in tuned]
    for valid in rows_of(ValidityRow, cells):
        yield "valid", names[valid.arm], valid.rate.rate
    cells = [row for row in cells if row.arm in tuned]
    for loss in rows_of(FieldLossRow, scored):
        if (loss.field, loss.data) == (CONTENT, condition_of(loss.arm)):
            yield "loss", names[loss.arm], loss.loss
    for mean in rows_of(MeanVariationRow, cells):
        yield "tv", names[mean.arm], mean.tv
    for rule in rows_of(RuleRow, cells):
        if (rule.rule, rule.of) == (ANY, "generated"):
            yield "rules", names[rule.arm], rule.rate.rate
