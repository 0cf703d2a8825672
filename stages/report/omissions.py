"""Count missing and invalid values, so that they are not mistaken for another result."""

from collections.abc import Iterator

from stages.common.phrases import many
from stages.common.tables.totals import CompletenessRow
from stages.report.inputs import Inputs


def omissions(inputs: Inputs) -> Iterator[str | list[str]]:
    """Say what the arms lack under the headline prompt."""
    prompt = inputs.headline_prompt.id
    rows = {row.arm: row for row in inputs.tables[CompletenessRow] if row.prompt == prompt}
    lacking = [row for arm in inputs.arms if (row := rows.get(arm)) and row.lacks_any]
    if lacking:
        yield (
            f"Missing and invalid values are counted here (prompt {prompt}); everything below uses the valid "
            "values that are left:"
        )
        yield [_lacking(one) for one in lacking]
    few = [one.arm for one in lacking if one.is_selection]
    if few:
        yield (
            f"For {many(len(few), 'arm')}, less than half of the possible values are left. Such a selection "
            "does not say what the other draws and fields would have shown, and a missing field is not a "
            "difference from the dataset’s people."
        )


def _lacking(one: CompletenessRow) -> str:
    missing = f"[{one.n_missing}](presence) {'is' if one.n_missing == 1 else 'are'} missing"
    invalid = f"[{one.n_invalid}](domain) {'has' if one.n_invalid == 1 else 'have'} an invalid value"
    read = f"[{one.n_readable} of {many(one.n_drawn or 0, 'draw')}](funnel) can be read"
    selection = " (a selection)" if one.is_selection else ""
    return f"{one.arm}: {read}; of their {many(one.n_fields, 'field')}, {missing} and {invalid}{selection}"
