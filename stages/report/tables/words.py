"""Words that stand out, and words of a short list."""

from collections.abc import Iterator, Sequence

from stages.common.tables.words import LexiconRow, MarkedWordRow
from stages.report.figures.marked_words import comparisons
from stages.report.inputs import Inputs
from stages.report.table import ARM_AND_PROMPT, Column, Entry, Table, heads
from stages.report.tables.entries import counted, number, of_arm, of_cell, of_people, share, texts, whole


def marked_words(inputs: Inputs) -> Iterator[Table]:
    """One row per comparison: its marked words, with their z."""
    key = "marked_words"
    columns = [
        *ARM_AND_PROMPT,
        Column("first group", words=True),
        Column("second group", words=True),
        Column("texts"),
        Column("more in the first", key, words=True),
        Column("more in the second", key, words=True),
    ]
    found = comparisons(inputs.tables[MarkedWordRow])
    rows = [_comparison(words, inputs) for words in found]
    note = (
        "Brackets hold z. The words lie beyond where chance alone takes the strongest one. “None” does not "
        "prove that there is no bias: few texts mark few words."
    )
    title = "Words that one group has more often than the other"
    yield Table("marked-words", title, columns, rows, note, in_files=_one_per_word(found))


def _comparison(words: Sequence[MarkedWordRow], inputs: Inputs) -> list[Entry]:
    one, marked = words[0], [row for row in words if row.marked]
    more = [
        ", ".join(f"{row.word} ({abs(row.z):.1f})" for row in marked if (row.z > 0) == up) or "none"
        for up in (True, False)
    ]
    groups = [
        of_arm(name, inputs) if name in inputs.arms else Entry(name) for name in (one.target, one.reference)
    ]
    return [*of_cell(one.key, inputs), *groups, *texts(f"{one.n_target}, {one.n_reference}", *more)]


def _one_per_word(found: Sequence[Sequence[MarkedWordRow]]) -> Table:
    """One row per marked word; z is above 0 if the first group has it more often."""
    heads = (
        *("arm", "prompt", "field", "first group", "second group"),
        *("texts of the first", "texts of the second"),
    )
    rows = [
        [
            *texts(row.arm, row.prompt, row.field, row.target, row.reference),
            *(whole(row.n_target), whole(row.n_reference), Entry(row.word), number(row.z)),
        ]
        for words in found
        for row in words
        if row.marked
    ]
    return Table("marked-words", "", [*map(Column, (*heads, "word", "z"))], rows)


def lexicon(inputs: Inputs) -> Iterator[Table]:
    """One row per cell and category."""
    columns = [
        *ARM_AND_PROMPT,
        Column("words about", "lexicon"),
        Column("texts"),
        *heads("lexicon", "share with such a word", "in the dataset"),
    ]
    found = {(*row.key, row.field, row.category, row.of): row for row in inputs.tables[LexiconRow]}
    rows = [
        [
            *of_cell(row.key, inputs),
            Entry(row.category),
            counted(row, row.n),
            share(row.rate),
            of_people(found.get((*key[:-1], "reference"))),
        ]
        for key, row in found.items()
        if row.of == "generated"
    ]
    yield Table("lexicon", "Texts with a word of a small list", columns, rows)
