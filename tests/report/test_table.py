import pytest

from stages.report.table import Column, Entry, Table, first_rows, to_csv

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
    cell = Entry("0.50", "0.10–0.90", interval="0.20–0.80", flag="▲")
    assert cell.shown == "▲ 0.50 (0.10–0.90) [0.20–0.80]"
    header, row = to_csv(Table("t", "", [Column("x")], [[cell]])).splitlines()
    assert header == "x,x: interval or band,x: interval,x: outside the band"
    assert row == "0.50,0.10–0.90,0.20–0.80,above"


def test_csv_has_bands_and_flags_in_columns_of_their_own():
    assert to_csv(TABLE).splitlines() == [
        "arm,share_%,share_%: interval or band,share_%: outside the band,words",
        "a_b,0.50,0.10–0.90,above,100\u00a0% & more",
        "c,–,,,x",
    ]


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
