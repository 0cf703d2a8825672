import csv
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.tables.base import Rate
from stages.report.table import EMPTY, Column, Entry, Table, first_rows, to_csv
from stages.report.tables.entries import measured, shifted
from stages.report.tables.entries import share as shares

NUMBERS = re.compile(r"[-−+±]?\d[\d.,]*\s*(%|[^\w\s.-].*\d.*|to .*\d.*|of .*\d.*)")
"""A number with a sign of percent, or with a second number after it."""

TABLE = Table(
    "cats",
    "Cats",
    [Column("arm"), Column("share_%"), Column("words", words=True)],
    [
        [Entry("a_b"), Entry("0.50", "0.10–0.90", "▲"), Entry("100\u00a0% & more")],
        [Entry("c"), Entry("–"), Entry("x")],
    ],
)


def test_an_interval_stands_beside_its_band():
    cell = measured(0.5, (0.1, 0.45), (0.2, 0.8), "n = 3", {"n": 3})
    assert cell.shown == "▲ 0.50 (0.10–0.45; n = 3) [0.20–0.80]"
    header, row = to_csv(Table("t", "", [Column("x")], [[cell]])).splitlines()
    assert header == "x,x: band low,x: band high,x: low,x: high,x: n,x: beyond chance"
    assert row == "0.5,0.1,0.45,0.2,0.8,3,above"


def test_csv_has_one_number_per_cell_and_leaves_out_what_is_missing():
    share = Rate(rate=1 / 3, low=0.01, high=0.9)
    table = Table(
        "t", "", [Column("x"), Column("Cat", id="cat/none")], [[EMPTY, shares(share)], [EMPTY, EMPTY]]
    )
    assert table.rows[0][1].shown == "33.3\u00a0% (1\u00a0% – 90\u00a0%)"
    assert to_csv(table).splitlines() == ["cat/none,cat/none: low,cat/none: high", "0.333333,0.01,0.9", ",,"]


def test_a_file_may_have_other_rows_than_the_page():
    per_word = Table("t", "", [Column("word")], [[Entry("meow")], [Entry("purr")]])
    table = Table("t", "", [Column("words")], [[Entry("meow, purr")]], in_files=per_word)
    assert to_csv(table).splitlines() == ["word", "meow", "purr"]


@given(st.floats(-9, 9), *[st.tuples(st.floats(-9, 9), st.floats(-9, 9)) | st.just((None, None))] * 2)
def test_a_file_holds_the_numbers_that_the_page_rounds(value, band, interval):
    numbers = [value, *(end for ends in (band, interval) for end in ends if end is not None)]
    for cell in (measured(value, band, interval), shifted(value, band, interval)):
        assert [*cell.in_files.values()] == numbers
        lines = to_csv(Table("t", "", [Column("x")], [[cell]])).splitlines()
        held = lines[1].split(",")[: len(numbers)]
        assert [float(one) for one in held] == [pytest.approx(one, rel=1e-5, abs=1e-9) for one in numbers]


def test_every_number_of_a_report_has_a_cell_to_itself(reported):
    files = sorted((reported / "reports/tables").glob("*.csv"))
    assert len(files) > 9
    for file in files:
        if file.stem == "gaps":  # its reasons are sentences
            continue
        for row in csv.DictReader(file.read_text("utf-8").splitlines()):
            several = {head: cell for head, cell in row.items() if NUMBERS.fullmatch(cell)}
            assert not several, file.name


def test_a_row_of_another_length_is_a_mistake():
    with pytest.raises(ValueError, match="3 columns, but a row has 1"):
        Table("t", "", TABLE.columns, [[Entry("a")]])


def test_a_long_table_is_shortened_for_the_page_and_says_so():
    rows = [[Entry(str(i))] for i in range(9)]
    table = Table("t", "", [Column("x")], rows, note="Nine cats.")
    assert first_rows(table, 9) is table
    assert [row[0].text for row in first_rows(table, 2).rows] == ["0", "1"]
    assert first_rows(table, 2).note == "Nine cats. The first 2 of 9 rows; all: reports/tables/t.csv."


def test_a_heading_named_after_a_field_or_an_arm_is_plain_text():
    table = Table("t", "", [Column("=1+1"), Column("a\x1b[2J\u202e"), Column("-0.5")], [[Entry("1")] * 3])
    assert to_csv(table).splitlines()[0] == "'=1+1,a␛[2J�,-0.5"
