"""What others wrote cannot act on a terminal, a page or a spreadsheet, and reads back as it was."""

import json
from dataclasses import dataclass

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.cells import guarded, to_csv, unguarded, write_table
from stages.common.shown import json_shown, on_one_line, visible
from stages.report.glossary import Glossary
from stages.report.links import Links
from stages.report.loading import read_rows
from stages.report.table import Column, Entry, Table
from stages.report.table import to_csv as report_csv
from stages.shell.errors import UserError, run


@dataclass
class Share:
    level: str
    share: float


MARKS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u2028\u2029"
CONTROLS = "".join(map(chr, [*range(9), *range(11, 32), *range(127, 160)]))
FORMULAS = ["=1+1", '=HYPERLINK("http://evil")', "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(A1)"]
FORMULAS += ["\t=1", " =1", "\ufeff=1", "＝1", "－5", "﹢1", "-1:2"]
FORMULAS += ["+49 30 123", "+49 (30) 123-4", "+1 (555) 123-4567", "+1.555.123.4567", "\r=1"]
HARMLESS = ["-0.59", "+0.70", "−0.5", "-5", "+0.27 to +0.87", "-1e-5", "-", "+", "–", "5=5", "a@b", "it's"]
HARMLESS += ["'quoted'", ""]


@pytest.mark.parametrize("show", [visible, on_one_line, json_shown])
def test_no_control_character_is_left(show):
    shown = show(f"a{CONTROLS}{MARKS}\ud800b")
    assert not {*shown} & {*CONTROLS, *MARKS, "\ud800"}


def test_a_name_stays_on_its_line():
    assert "\n" not in on_one_line("a\nFixed: all is well\t")


@given(st.text(st.characters(codec="utf-8") | st.sampled_from(CONTROLS + MARKS)))
def test_json_reads_back_exactly(text):
    assert json.loads(json_shown({text: [text]})) == {text: [text]}


@pytest.mark.parametrize("cell", [*FORMULAS, "\n=1"])
def test_a_formula_is_text_in_a_spreadsheet(cell):
    assert guarded(cell)[0] == "'"


@pytest.mark.parametrize("cell", [*HARMLESS, -0.59, None, 3])
def test_numbers_and_words_stay_as_they_are(cell):
    assert guarded(cell) is cell


@pytest.mark.parametrize("text", ["+{}x", "+1{}x", "'{}x", "-1 ({}x"])
@pytest.mark.parametrize("part", ["1", "1,", " ", "'", "to ", "(", "1 (", "e1"])
def test_a_long_cell_is_read_once(text, part):
    """4,000 characters took a second, and 50,000 took minutes, while a part of it fitted in several ways."""
    cell = text.format(part * 100_000)
    assert unguarded(guarded(cell)) == cell


@given(st.text("=+-@'\t\r\n 1.5ae()＝", max_size=8))
def test_every_text_reads_back(cell):
    assert unguarded(guarded(cell)) == cell


def test_levels_that_look_like_formulas_are_the_same_levels_in_the_report(tmp_path):
    levels = [*FORMULAS[:-1], *HARMLESS, "'=1"]
    write_table(tmp_path / "shares.csv", pd.DataFrame({"level": levels, "share": -0.59}))
    rows = read_rows(tmp_path / "shares.csv", Share)
    assert [row.level for row in rows] == levels
    assert {row.share for row in rows} == {-0.59}
    assert not [line for line in (tmp_path / "shares.csv").read_text().split("\n") if line[:1] in ("=", "@")]


def test_a_carriage_return_ends_no_row():
    assert (
        to_csv(pd.DataFrame({"a": ["x\r=1", "\r=1"], "n": [1, 2]})) == '"a","n"\n"x\r=1","1"\n"\'\r=1","2"\n'
    )


def test_without_a_formula_a_table_is_what_pandas_writes():
    table = pd.DataFrame({"level": ["a", None, "-5"], "n": [1, 2, 3], "share": [-0.59, float("nan"), 1e-9]})
    assert to_csv(table, "%.6g") == table.to_csv(index=False, float_format="%.6g", lineterminator="\n")


def test_a_table_of_the_report_holds_neither_formulas_nor_control_characters():
    rows = [[Entry("=1+1"), Entry("\x1b[2Jx\u202e")], [Entry("-0.59"), Entry("@a")]]
    text = report_csv(Table("t", "T", [Column("a"), Column("b")], rows))
    assert text == "a,b\n'=1+1,␛[2Jx�\n-0.59,'@a\n"


def test_a_sentence_of_the_page_shows_its_control_characters():
    assert str(Links(Glossary([])).linked("\x1b[2J<b>\u202e")) == "␛[2J&lt;b&gt;�"


def test_a_message_cannot_write_on_the_terminal(capsys):
    def main():
        raise UserError("data/external/\x1b[2J\u202e.md: wrong\nFix it")

    with pytest.raises(SystemExit) as ended:
        run(main)
    assert ended.value.code == "\ndata/external/␛[2J�.md: wrong\nFix it\n"
