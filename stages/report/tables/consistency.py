"""Whether profiles fit together in themselves, and follow their prompt."""

from collections.abc import Iterator

from stages.report.inputs import Inputs
from stages.report.measures import RuleRow
from stages.report.numbers import percent
from stages.report.table import EMPTY, Cell, Column, Table
from stages.report.tables.cells import share, texts, whole

ANY = "(any)"


def rules(inputs: Inputs) -> Iterator[Table]:
    """One row a cell: profiles that break at least one rule, beside the dataset's own rate."""
    columns = [Column("arm"), Column("prompt", words=True), Column("profiles"), Column("break a rule", "rules"),
               Column("share", "rules"), Column("of the dataset’s people", "rules"), Column("most often", "rules", words=True)]  # fmt: skip
    found = {(*row.key, row.of, row.rule): row for row in inputs.tables.rules}
    keys = [(arm, prompt) for arm in inputs.arms for prompt in inputs.prompts_in_order]
    rows = []
    for key in keys:
        row = found.get((*key, "generated", ANY))
        if row is not None:
            own = found.get((*key, "reference", ANY))
            there = Cell(percent(own.rate)) if own else EMPTY
            rows.append([*texts(*key), whole(row.n), whole(row.n_broken), share(row.rate, row.low, row.high), there,
                         Cell(_worst([one for one in found.values() if one.key == key]))])  # fmt: skip
    yield Table("rules", "Profiles that contradict themselves", columns, rows)


def adherence(inputs: Inputs) -> Iterator[Table]:
    """One row an arm, prompt and fixed field."""
    columns = [Column("arm"), Column("prompt", words=True), Column("asked for"), Column("draws"),
               Column("have the field", "adherence"), Column("as asked", "adherence"), Column("share", "adherence")]  # fmt: skip
    order = {arm: place for place, arm in enumerate(inputs.arms)}
    rows = [
        [*texts(row.arm, row.prompt, row.field), whole(row.n), whole(row.n_compared), whole(row.n_agree), share(row.rate, row.low, row.high)]
        for row in sorted(inputs.tables.adherence, key=lambda row: order.get(row.arm, len(order)))
    ]
    yield Table("adherence", "What a prompt asked for, and got", columns, rows)


def _worst(rows: list[RuleRow]) -> str:
    own = [row for row in rows if row.of == "generated" and row.rule != ANY and row.n_broken]
    if not own:
        return ""
    worst = max(own, key=lambda row: row.n_broken)
    return f"{worst.rule} ({worst.n_broken})"
