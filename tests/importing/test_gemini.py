"""Activities of Gemini, as JSON and as HTML: the same turns."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.importing.exports import PROFILE, activity, cell, page
from thesis.importing.gemini import turns
from thesis.importing.gemini_html import html_turns
from thesis.importing.stream import Metered
from thesis.importing.turns import Unread

ANSWER = "<p>Here:</p><pre><code>{&quot;age&quot;: 34}\n</code></pre>"
AS_TEXT = f"Here:\n\n```\n{PROFILE}\n```"


def read_html(text, piece=10**6):
    class Pieces(io.BytesIO):
        def read(self, size=-1):
            return super().read(piece)

    return list(html_turns(Metered(Pieces(text.encode()), "MyActivity.html", lambda _: None)))


def test_an_activity():
    [turn] = turns(
        activity("asked", ANSWER, subtitles=[{"name": "Attached 1 file."}, {"name": "-  profiles-1.json"}])
    )
    assert (turn.asked, turn.answer, turn.attached) == (("asked",), AS_TEXT, ("profiles-1.json",))
    assert (turn.date, turn.model, turn.shown) == ("2026-02-05T10:00:00Z", None, True)


def test_a_card():
    [turn] = read_html(page(cell("asked\nin two lines", ANSWER, "profiles-1.json")))
    assert (turn.asked, turn.answer) == (("asked\nin two lines",), AS_TEXT)
    assert (turn.attached, turn.date) == (("profiles-1.json",), "2026-02-05")


@pytest.mark.parametrize(
    ("date", "iso"),
    [
        ("Apr 12, 2026, 3:34:31 PM EDT", "2026-04-12"),
        ("2026-09-02T12:00:00Z", "2026-09-02T12:00:00Z"),
        ("6 de out. de 2026, 10:15:30 BRT", None),
        ("2026年6月20日 00:28:51 CST", None),
    ],
)
def test_dates_of_other_languages_part_prompt_and_answer(date, iso):
    [turn] = read_html(page(cell("asked", "<p>answered</p>", date=date)))
    assert (turn.asked, turn.answer, turn.date) == (("asked",), "answered", iso)


@pytest.mark.parametrize(
    "verb", ["Prompted", "Asked", "Fez uma pergunta:", "Hat folgendes eingegeben:", "Demandé"]
)
def test_the_verb_is_no_part_of_what_was_asked(verb):
    [turn] = turns({**activity("x", "<p>y</p>"), "title": f"{verb} Write a profile"})
    assert "Write a profile" in [asked.strip() for asked in turn.asked]


def test_the_answers_after_the_first_were_regenerated():
    found = list(turns(activity("asked", "<p>one</p>", "<p>two</p>")))
    assert [(turn.answer, turn.shown) for turn in found] == [("one", True), ("two", False)]


def test_other_products_are_left_out():
    assert list(turns(activity("asked", "<p>x</p>", header="Search", products=["Search"]))) == []
    assert read_html(page(cell("asked", "x").replace("Gemini Apps<br></p>", "Search<br></p>"))) == []


def test_every_activity_is_a_conversation_of_its_own_unless_it_names_one():
    times = ("2026-02-05T10:00:00Z", "2026-02-05T10:00:01Z")
    first, second = (next(turns(activity("asked", "x", time=time))) for time in times)
    assert first.conversation != second.conversation
    link = "https://gemini.google.com/app/abc123"
    assert next(turns(activity("asked", "x", titleUrl=link))).conversation == "abc123"
    [turn] = read_html(
        page(cell("asked", "x").replace('<div class="mdl-grid">', f'<a href="{link}">Chat</a><div>'))
    )
    assert turn.conversation == "abc123"


def test_no_answer():
    [turn] = turns(activity("asked"))
    assert turn.answer == ""


@given(st.integers(1, 40))
def test_html_read_in_pieces_of_any_size_is_the_same(piece):
    text = page(cell("ask<ed>", ANSWER), cell("é&amp", "<p>ä</p>", "a.json"), "<div class='other'>x</div>")
    assert read_html(text, piece) == read_html(text)


def test_prompts_that_end_in_a_list_keep_it():
    [turn] = read_html(page(cell("Use these fields:\n- age\n- name", "x")))
    assert turn.asked == ("Use these fields:\n- age\n- name",)


def test_a_page_that_ends_early_is_told():
    whole = page(cell("asked", "x"), cell("asked again", "y"))
    [turn, unread] = read_html(whole[: whole.index("again")])
    assert (turn.asked, unread) == (("asked",), Unread.CUT)
