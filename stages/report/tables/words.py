"""Words that stand out, and words of a short list."""

from collections.abc import Iterator

from stages.common.tables.words import LexiconRow, MarkedWordRow
from stages.report.figures.marked_words import comparisons
from stages.report.inputs import Inputs
from stages.report.table import ARM_AND_PROMPT, Column, Table, heads
from stages.report.tables.entries import counted, of_people, share, texts


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
    rows = []
    for words in comparisons(inputs.tables[MarkedWordRow]):
        one, marked = words[0], [row for row in words if row.marked]
        more = [
            ", ".join(f"{row.word} ({abs(row.z):.1f})" for row in marked if (row.z > 0) == up)
            for up in (True, False)
        ]
        counts = f"{one.n_target}, {one.n_reference}"
        rows.append(
            texts(
                one.arm, one.prompt, one.target, one.reference, counts, *(found or "none" for found in more)
            )
        )
    note = (
        "Brackets hold z. The words lie beyond where chance alone takes the strongest one. “None” does not "
        "prove that there is no bias: few texts mark few words."
    )
    yield Table("marked-words", "Words that one group has more often than the other", columns, rows, note)


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
            *texts(row.arm, row.prompt, row.category),
            counted(row, row.n),
            share(row.rate),
            of_people(found.get((*key[:-1], "reference"))),
        ]
        for key, row in found.items()
        if row.of == "generated"
    ]
    yield Table("lexicon", "Texts with a word of a small list", columns, rows)
