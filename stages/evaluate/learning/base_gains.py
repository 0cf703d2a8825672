"""How much of what training gains on the base is form, and how much content?"""

from collections.abc import Iterator, Sequence

from stages.common.comparison import condition_of
from stages.common.tables.base import ALL, NotComputed, Row
from stages.common.tables.learning import CONTENT, STRUCTURE, BaseGainRow, FieldLossRow


def base_gains(rows: Sequence[FieldLossRow]) -> Iterator[Row]:
    """Compare every scored arm with the base, on the people of each dataset."""
    losses: dict[tuple[str, str], dict[str, FieldLossRow]] = {}
    for row in rows:
        losses.setdefault((row.arm, row.data), {})[row.field] = row
    bases = {data: arm for arm, data in losses if condition_of(arm) == "none"}
    for (arm, data), own in losses.items():
        if arm != bases.get(data, arm):
            yield _row(own, losses[bases[data], data])


def _row(own: dict[str, FieldLossRow], base: dict[str, FieldLossRow]) -> Row:
    one = own[STRUCTURE]
    gained = {field: base[field].loss - row.loss for field, row in own.items() if field in base}
    texts = [field for field, row in own.items() if row.role == "text"]
    form = sum(gained.get(field, 0.0) for field in (*texts, STRUCTURE))
    gain = gained.get(CONTENT, 0.0) + form
    if not (gain > 0 and form > 0):
        reason = "no gain on the base, so no part of it"
        return NotComputed(arm=one.arm, prompt=ALL, table="base_gains", contrast=one.data, reason=reason)
    return BaseGainRow(
        arm=one.arm,
        prompt=ALL,
        data=one.data,
        base=base[STRUCTURE].arm,
        gain=gain,
        gain_form=form,
        form_share=form / gain,
        n_texts=len(texts),
    )
