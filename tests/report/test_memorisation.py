"""The table of memory: which text a row is about, and that its columns add up."""

from pathlib import Path

from stages.common.tables.variety import MemorisationRow
from stages.report.inputs import load_inputs
from stages.report.tables.memorisation import memorisation
from tests.report.study import TUNED, made, with_tables


def row(field: str, difference: float) -> MemorisationRow:
    return made(
        MemorisationRow,
        arm=TUNED, prompt="any-cat", measure="overlap_8_words", field=field, n_used=9,
        train=0.25 + difference, train_same_size=0.3, test=0.25, difference=difference,
        band_low=-0.1, band_high=0.2, p=0.1,
    )  # fmt: skip


def test_a_row_names_its_text_and_both_numbers_behind_its_difference(cats: Path):
    inputs = load_inputs()
    rows = [row("(profile)", 0.1), row("note", 0.5), row("note", -0.2)]
    [table] = memorisation(with_tables(inputs, memorisation=rows))
    whole, note, _ = [[cell.text for cell in line] for line in table.rows]
    assert (whole[2], note[2]) == (
        "runs of 8 words in common (share)",
        "note: runs of 8 words in common (share)",
    )
    heads = [column.title for column in table.columns]
    split, held_out, difference = (heads.index(x) for x in ("training split", "held-out split", "difference"))
    # 0.75 - 0.25 = 0.5; as many people of the split as were held out would give 0.05
    assert (note[split], note[held_out], note[difference]) == ("0.75", "0.25", "+0.50")
    assert [line[difference].flag for line in table.rows] == ["", "▲", "▼"]
