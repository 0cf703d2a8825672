"""Whether profiles fit together in themselves, and follow their prompt."""

from collections.abc import Iterator, Sequence

from stages.common.tables.format import ANY, AdherenceRow, RuleRow, TextRuleRow
from stages.report.inputs import Inputs
from stages.report.table import ARM_AND_PROMPT, Column, Entry, Table, heads
from stages.report.tables.entries import counted, of_cell, of_people, share, whole


def rules(inputs: Inputs) -> Iterator[Table]:
    rows = _contradictions(inputs.tables[RuleRow], inputs)
    yield Table("rules", "Profiles that contradict themselves", _columns("rules"), rows)


def text_rules(inputs: Inputs) -> Iterator[Table]:
    rows = _contradictions(inputs.tables[TextRuleRow], inputs)
    yield Table("text-rules", "Profiles whose text contradicts a field", _columns("text_rules"), rows)


def _columns(key: str) -> list[Column]:
    return [
        *ARM_AND_PROMPT,
        Column("profiles"),
        *heads(key, "a rule applies to", "break a rule", "share", "of the dataset’s people"),
        Column("most often", key, words=True),
    ]


def _contradictions(all_rows: Sequence[RuleRow], inputs: Inputs) -> list[list[Entry]]:
    """One row per cell: profiles that break at least one rule, beside the dataset's own rate."""
    found = {(*row.key, row.of, row.rule): row for row in all_rows}
    return [
        [
            *of_cell(key, inputs),
            counted(row, row.n),
            *map(whole, (row.n_applies, row.n_broken)),
            share(row.rate),
            of_people(found.get((*key, "reference", ANY))),
            _worst([one for one in all_rows if one.key == key]),
        ]
        for key in inputs.cells
        if (row := found.get((*key, "generated", ANY)))
    ]


def adherence(inputs: Inputs) -> Iterator[Table]:
    """One row per arm, prompt and fixed field."""
    columns = [
        *ARM_AND_PROMPT,
        Column("asked for"),
        Column("draws"),
        *heads("adherence", "have the field", "as asked", "share"),
    ]
    rows = [
        [
            *of_cell(row.key, inputs),
            Entry(row.field),
            whole(row.n),
            whole(row.n_compared),
            whole(row.n_agree),
            share(row.rate),
        ]
        for row in inputs.by_arm(inputs.tables[AdherenceRow])
    ]
    yield Table("adherence", "What a prompt asked for, and got", columns, rows)


def _worst(rows: list[RuleRow]) -> Entry:
    own = [row for row in rows if row.of == "generated" and row.rule != ANY and row.n_broken]
    if not own:
        return Entry("", values={})
    worst = max(own, key=lambda row: row.n_broken)
    words = f"{worst.rule} ({worst.n_broken})"
    return Entry(words, values={"": worst.rule, "profiles": worst.n_broken})
