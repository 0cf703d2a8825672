"""Sentences about missing and invalid values, so that no other result is taken for them."""

from collections.abc import Iterator
from dataclasses import dataclass

from stages.common.phrases import many
from stages.common.tables.format import DomainRow, PresenceRow, ValidityRow
from stages.report.inputs import Inputs
from stages.report.shares import readable


@dataclass(frozen=True)
class Left:
    """How much of an arm's draws under a prompt can be read, field by field."""

    arm: str
    n_drawn: int
    n_readable: int
    n_fields: int
    """In all readable profiles together."""
    n_missing: int
    n_invalid: int
    """Values that the schema refuses."""

    @property
    def is_selection(self) -> bool:
        """Whether less than half of what the draws could have said is there."""
        n_valid = self.n_fields - self.n_missing - self.n_invalid
        return 2 * n_valid * self.n_readable < self.n_fields * self.n_drawn


def left_of(inputs: Inputs, prompt: str) -> list[Left]:
    """One for every arm that answered the prompt with a readable profile."""
    n_readable = readable(inputs)
    drawn = {row.arm: row.n for row in inputs.tables[ValidityRow] if row.prompt == prompt}
    found = []
    for arm in inputs.arms:
        fields = [row for row in inputs.tables[PresenceRow] if row.key == (arm, prompt)]
        values = [row for row in inputs.tables[DomainRow] if row.key == (arm, prompt)]
        if fields and arm in drawn:
            n_fields, n_present = sum(row.n for row in fields), sum(row.n_present for row in fields)
            refused = [row for row in values if (row.outside, row.of) == ("schema", "generated")]
            n_invalid = sum(row.n_outside for row in refused)
            counts = drawn[arm], n_readable.get((arm, prompt), 0), n_fields, n_fields - n_present, n_invalid
            found.append(Left(arm, *counts))
    return found


def omissions(inputs: Inputs) -> Iterator[str | list[str]]:
    """Sentences about the arms that lack anything under the headline prompt."""
    prompt = inputs.headline_prompt.id
    lacking = [
        one
        for one in left_of(inputs, prompt)
        if one.n_readable < one.n_drawn or one.n_missing or one.n_invalid
    ]
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


def _lacking(one: Left) -> str:
    missing = f"[{one.n_missing}](presence) {'is' if one.n_missing == 1 else 'are'} missing"
    invalid = f"[{one.n_invalid}](domain) {'has' if one.n_invalid == 1 else 'have'} an invalid value"
    read = f"[{one.n_readable} of {many(one.n_drawn, 'draw')}](status) can be read"
    selection = " (a selection)" if one.is_selection else ""
    return f"{one.arm}: {read}; of their {many(one.n_fields, 'field')}, {missing} and {invalid}{selection}"
