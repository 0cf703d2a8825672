"""Dates as Takeout writes them, in the languages of Gemini."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thesis.importing.moments import moment_of
from thesis.importing.months import month_of

SAME = """
20‏/11‏/2026، 9:50:57 م
20‏/11‏/2026، ٩:٥٠:٥٧ م غرينتش+1
20.11.2026 г., 21:50:57
20 নভে, 2026 9:50:57 PM
20 de nov. 2026, 21:50:57
20. 11. 2026 21:50:57 SEČ
20. nov. 2026 21.50.57 CET
20.11.2026, 21:50:57 MEZ
20. Nov. 2026, 21:50:57 MEZ
20 Νοε 2026, 9:50:57 μ.μ. EET
Nov 20, 2026, 9:50:57 PM EST
20 Nov 2026, 21:50:57 GMT
20 Nov 2026, 9:50:57 pm AEDT
Nov 20, 2026, 9:50:57 p.m. EST
20 nov 2026, 21:50:57 CET
20 nov 2026, 9:50:57 p.m. GMT-6
20. nov 2026 21:50:57 EET
20 نوامبر 2026،‏ 21:50:57
20.11.2026 klo 21.50.57 EET
Nob 20, 2026, 9:50:57 PM
20 nov. 2026, 21 h 50 min 57 s HNE
20 નવે, 2026 09:50:57 PM
20 בנוב׳ 2026, 21:50:57 GMT+2
20 नव॰ 2026, 9:50:57 pm IST
20. stu 2026. 21:50:57 CET
2026. nov. 20. 21:50:57 CET
20 Nov 2026 21.50.57 WIB
2026/11/20 21:50:57 JST
ನವೆಂ 20, 2026 09:50:57 PM
2026. 11. 20. 오후 9:50:57 KST
2026-11-20 21:50:57 EET
2026. gada 20. nov. 21:50:57
2026 നവം 20, 9:50:57 PM
20 नोव्हें, 2026, 9:50:57 PM
20 lis 2026, 21:50:57 CET
6 de nov. de 2026, 21:50:57 BRT
20 нояб. 2026 г., 21:50:57 MSK
20. 11. 2026. 21:50:57
20 நவ., 2026, 9:50:57 PM
20 พ.ย. 2569 21:50:57 ICT
20 Kas 2026 21:50:57 GMT+03:00
20 лист. 2026 р., 21:50:57 EET
20 نومبر، 2026 9:50:57 PM
21:50:57 20 thg 11, 2026 ICT
2026年11月20日 21:50:57 CST
2026年11月20日 晚上9:50:57
20/11/2026, 21:50:57 WET
11/20/2026, 9:50:57 PM PST
""".strip().splitlines()
MOMENTS = st.datetimes(datetime.fromisoformat("2023-01-01"), datetime.fromisoformat("2030-01-01"))


@pytest.mark.parametrize("line", SAME)
def test_dates_of_many_languages(line):
    moment = moment_of(line)
    day = 6 if line.startswith("6 ") else 20
    assert moment is not None
    assert moment.at == datetime(2026, 11, day, 21, 50, 57, tzinfo=UTC)
    assert (moment.day, moment.clock) == (date(2026, 11, day), (5, 57))


@given(MOMENTS, st.sampled_from(["CET", "MESZ", "GMT+5", ""]))
def test_every_second_is_read_back(at, zone):
    at = at.replace(microsecond=0, tzinfo=UTC)
    for pattern in (
        "%b %-d, %Y, %-I:%M:%S %p",
        "%-d %b %Y, %H:%M:%S",
        "%d.%m.%Y, %H:%M:%S",
        "%-d. %B %Y %H.%M.%S",
    ):
        moment = moment_of(f"{at.strftime(pattern)} {zone}")
        assert moment is not None
        assert moment.at == at


@given(MOMENTS, st.integers(-50, 50))
def test_the_clock_is_the_same_in_every_zone(at, quarters):
    there = at + timedelta(minutes=15 * quarters)
    one, other = (moment_of(f"{time:%Y-%m-%d %H:%M:%S}") for time in (at, there))
    assert one is not None
    assert other is not None
    assert one.clock == other.clock


@pytest.mark.parametrize(
    "line", ["20 Nov 2026", "at 21:50:57", "", "Write 3 lines", f"2026 21:50:57 {'x' * 80}"]
)
def test_a_line_without_year_or_time_is_no_date(line):
    assert moment_of(line) is None


@pytest.mark.parametrize(
    "line", ["20 Foo 2026, 21:50:57", "31.02.2026, 21:50:57", "2026 25:50:57", "40 1 2026 1:02:03"]
)
def test_what_is_not_understood_is_no_day(line):
    moment = moment_of(line)
    assert moment is not None
    assert moment.day is None


def test_a_time_without_seconds_is_read_if_that_is_asked():
    assert moment_of("20 Nov 2026, 21:50 GMT") is None
    moment = moment_of("20 Nov 2026, 21:50 GMT", seconds=False)
    assert moment is not None
    assert moment.at == datetime(2026, 11, 20, 21, 50, tzinfo=UTC)


@given(st.text())
def test_any_text_is_a_date_or_none(text):
    moment_of(text)
    assert month_of(text) in (None, *range(1, 13))
