"""Activities of Gemini give the same turns from JSON and from HTML."""

import io
import json
from functools import partial
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stages.shell.errors import UserError
from tests.importing.exports import PROFILE, activity, cell, page
from thesis.importing.recognizing import normalized
from thesis.importing.takeout import takeout_turns
from thesis.importing.turns import Beside, Remark, Unread
from thesis.importing.zips import Member

ANSWER = "<p>Here:</p><pre><code>{&quot;age&quot;: 34}\n</code></pre>"
AS_TEXT = f"Here:\n\n```\n{PROFILE}\n```"


class Pieces(io.BytesIO):
    def __init__(self, data, piece):
        super().__init__(data)
        self.piece = piece

    def read(self, size=-1):
        return super().read(self.piece)


def member(name, content, piece=10**6):
    data = (content if isinstance(content, str) else json.dumps(content)).encode()
    return Member(name, len(data), partial(Pieces, data, piece))


def read(*members, beside=()) -> list[Any]:
    return list(takeout_turns(members, beside, lambda _: None))


def turns(*activities):
    return read(member("MyActivity.json", list(activities)))


def read_html(text, piece=10**6):
    return read(member("MyActivity.html", text, piece))


def test_an_activity():
    [turn] = turns(
        activity("asked", ANSWER, subtitles=[{"name": "Attached 1 file."}, {"name": "-  profiles-1.json"}])
    )
    assert (turn.asked, turn.answer, turn.attached) == (("asked",), AS_TEXT, ("profiles-1.json",))
    assert (turn.date, turn.model, turn.shown) == ("2026-02-05T10:00:00Z", None, True)


def test_a_card():
    [turn] = read_html(page(cell("asked\nin two lines", ANSWER, "profiles-1.json")))
    assert (turn.asked[0], turn.answer) == ("asked\nin two lines", AS_TEXT)
    assert (turn.attached, turn.date) == (("profiles-1.json",), "2026-02-05")


@pytest.mark.parametrize(
    ("date", "iso"),
    [
        ("Apr 12, 2026, 3:34:31 PM EDT", "2026-04-12"),
        ("2026-09-02T12:00:00Z", "2026-09-02T12:00:00Z"),
        ("6 de out. de 2026, 10:15:30 BRT", "2026-10-06"),
        ("2026年6月20日 00:28:51 CST", "2026-06-20"),
        ("20. nov. 2026 21.50.57 CET", "2026-11-20"),
        ("20 Nov 2026, 21:50:57 GMT", "2026-11-20"),
        ("20.11.2026, 21:50:57 MEZ", "2026-11-20"),
        ("2026 ж. 20 қар., 21:50:57", None),  # a month that is not in the table: the answer is taken
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


def test_several_texts_of_an_answer_are_pieces_or_regenerated_and_the_export_does_not_say_which():
    first, second = turns(activity("asked", f"<p>{PROFILE}</p>", "<p>two</p>"))
    assert (first.answer, first.shown, first.remarks) == (PROFILE, True, (Remark.PIECES,))
    assert (second.answer, second.shown, second.beside) == ("two", False, Beside.FURTHER)


@pytest.mark.parametrize("pieces", [("<p>Here:</p>", f"<p>{PROFILE}</p>"), ('<p>{"age":</p>', "<p>34}</p>")])
def test_pieces_of_which_the_first_is_no_whole_answer_are_taken_together(pieces):
    [turn] = turns(activity("asked", *pieces))
    assert turn.answer.replace("\n\n", " ") in (f"Here: {PROFILE}", PROFILE)
    assert turn.remarks == (Remark.PIECES,)


def test_other_products_are_left_out():
    other = activity("asked", "<p>x</p>", header="Search", products=["Search"])
    assert [turn.answer for turn in turns(other, activity("asked", "y"))] == ["y"]
    card = cell("asked", "x").replace("Gemini Apps<br></p>", "Search<br></p>")
    assert [turn.answer for turn in read_html(page(card, cell("asked", "y")))] == ["y"]
    with pytest.raises(UserError, match="activities of other products"):
        turns(other)


LINK = "https://gemini.google.com/app/abc123"
TIMES = ("2026-02-05T10:00:00Z", "2026-02-05T10:00:01Z")


def details(link=LINK):
    return {"details": [{"name": link, "url": link}]}


def below(text, link=LINK):
    """A card that links its conversation below the answer."""
    return text.replace(
        "<b>Products:", f'<b>Details:</b><br>&emsp;<a href="{link}">{link}</a><br><b>Products:'
    )


def test_every_activity_is_a_conversation_of_its_own_unless_it_names_one():
    first, second = turns(*(activity("asked", "x", time=time) for time in TIMES))
    assert first.conversation != second.conversation
    assert first.first
    assert second.first


@pytest.mark.parametrize(
    "more",
    [
        {"titleUrl": LINK},
        details(),
        details("https://gemini.google.com/u/1/app/abc123"),
        {"details": [{"name": "gemini.google.com/app/abc123"}]},
        details("https://gemini.google.com/gem/a-gem/abc123"),
    ],
)
def test_what_was_said_first_in_a_conversation_is_told_by_the_time(more):
    later, first = turns(*(activity("asked", "x", time=time, **more) for time in TIMES[::-1]))
    assert (later.conversation, later.first) == ("abc123", False)
    assert (first.conversation, first.first) == ("abc123", True)


def test_a_branch_goes_on_with_what_was_said_elsewhere():
    [turn] = turns({**activity("", "x", **details()), "title": "Branched asked"})
    assert (turn.asked, turn.first) == (("asked",), False)


def test_a_conversation_that_got_another_id_is_one():
    both = {"details": [{"url": LINK}, {"url": "https://gemini.google.com/app/later"}]}
    found = turns(
        activity("a", "x", time=TIMES[0], **details("https://gemini.google.com/app/later")),
        activity("b", "x", time=TIMES[1], **both),
    )
    assert {turn.conversation for turn in found} == {"abc123"}


def in_the_title(text):
    return text.replace("Prompted&nbsp;", f'Prompted <a href="{LINK}">')


@pytest.mark.parametrize("place", [below, in_the_title])
def test_a_card_names_its_conversation_below_or_in_the_title(place):
    [turn] = read_html(page(place(cell("asked", "x"))))
    assert (turn.asked, turn.conversation, turn.first) == (("asked",), "abc123", True)


def test_a_link_in_the_answer_is_not_the_conversation():
    answer = '<p>See <a href="https://gemini.google.com/app/ffff0000ffff0000">another chat</a></p>'
    [alone] = read_html(page(cell("asked", answer)))
    assert alone.conversation != "ffff0000ffff0000"
    [linked] = read_html(page(below(cell("asked", answer))))
    assert linked.conversation == "abc123"


def test_a_link_in_the_prompt_is_not_the_conversation():
    other = {"name": "https://gemini.google.com/app/other", "url": "https://gemini.google.com/app/other"}
    [turn] = turns(activity("asked", "x", subtitles=[other], **details()))
    assert turn.conversation == "abc123"


NAMES = ("profiles-2.json", "profiles-2-1f2e3d4c5b6a7988.json")


@pytest.mark.parametrize(
    "more",
    [
        {"attachedFiles": [NAMES[1]]},
        {"attachedFiles": [{"name": NAMES[0], "url": NAMES[1]}]},
        {"subtitles": [{"name": "Attached 1 file."}, {"name": f"-\xa0 {NAMES[0]}", "url": NAMES[1]}]},
        {"details": [{"name": NAMES[0]}]},
        {"imageFile": NAMES[1]},
    ],
)
def test_files_are_named_in_many_places(more):
    [turn] = turns(activity("asked", "x", **more))
    assert turn.attached
    assert set(turn.attached) <= set(NAMES)


def test_files_and_gems_that_are_named_in_a_card_are_no_part_of_the_prompt():
    link = '<a href="https://gemini.google.com/gems/view">Manage Gems</a>'
    gem = f"Tidy Helper was used in this chat. {link}.<br>"
    card = cell("asked", "x", NAMES[1])
    for with_gem in (card.replace("Attached 1", f"{gem}Attached 1"), card.replace("Feb 5", f"{gem}Feb 5")):
        [turn] = read_html(page(with_gem))
        assert turn.asked[0] == "asked"
        assert (turn.attached, turn.remarks) == ((NAMES[1],), (Remark.CUSTOM,))


@pytest.mark.parametrize(
    "subtitle",
    [
        {
            "name": "Tidy Helper was used in this chat. Manage Gems.",
            "url": "https://gemini.google.com/gems/view",
        },
        {"name": "In diesem Chat wurde ein Helfer verwendet", "url": "https://gemini.google.com/gem/ab12"},
        {"name": "Tidy Helper was used in this chat. Manage your Gems."},
    ],
)
def test_a_gem_has_instructions_of_its_own(subtitle):
    [turn] = turns(activity("asked", "x", subtitles=[subtitle]))
    assert (turn.remarks, turn.attached) == ((Remark.CUSTOM,), ())


def test_a_file_that_is_called_gems_is_no_gem():
    [turn] = turns(activity("asked", "x", subtitles=[{"name": "-  Gems.pdf"}]))
    assert turn.remarks == ()


MADE = {**activity(""), "title": "Created Gemini Canvas titled Profile", "time": "2026-02-05T10:00:05Z"}


@pytest.mark.parametrize("order", [1, -1])
def test_a_canvas_without_its_text_leaves_the_answer_unknown(order):
    asked = activity("asked", "<p>I made the profile.</p>", time=TIMES[0])
    [turn] = turns(*[asked, MADE][::order])
    assert (turn.answer, turn.beside) == ("", Beside.ELSEWHERE)


@pytest.mark.parametrize(
    "texts",
    [
        {"safeHtmlItem": [{"html": f"<pre><code>{PROFILE}</code></pre>"}]},
        {"title": f"Created Gemini Canvas titled Profile\n{PROFILE}"},
    ],
)
def test_the_last_state_of_a_canvas_is_the_answer(texts):
    earlier = {**MADE, "title": "Created Gemini Canvas titled Profile\nold", "time": TIMES[1]}
    [turn] = turns({**MADE, **texts}, earlier, activity("asked", "<p>I made it.</p>", time=TIMES[0]))
    assert turn.beside is None
    assert PROFILE in turn.answer
    assert "old" not in turn.answer


def test_an_answer_that_speaks_of_a_canvas_is_not_taken_and_one_with_a_profile_is():
    spoken, whole = turns(
        activity("a", "<p>I created the profile in Canvas.</p>", time=TIMES[0]),
        activity("b", f"<p>In Canvas, or here: {PROFILE}</p>", time=TIMES[1]),
    )
    assert spoken.beside == Beside.ELSEWHERE
    assert whole.beside is None


@pytest.mark.parametrize("chip", ["<immersive_entry_chip/>", "<immersive_entry_chip></immersive_entry_chip>"])
def test_a_bare_tag_of_a_canvas_leaves_the_answer_unknown(chip):
    answer = f"<p>I made the profile.</p>{chip}"
    found = [*turns(activity("asked", answer)), *read_html(page(cell("asked", answer)))]
    assert [turn.beside for turn in found] == [Beside.ELSEWHERE] * 2


@pytest.mark.parametrize(
    "chip",
    [
        "<immersive_entry_chip/>",
        "<p>http://googleusercontent.com/immersive_entry_chip/0</p>",
        "&lt;immersive_entry_chip/&gt;",
    ],
)
@pytest.mark.parametrize(
    ("said", "made"), [("Here it is.", [{**MADE, "title": f"{MADE['title']}\n{PROFILE}"}]), (PROFILE, [])]
)
def test_the_sign_for_a_canvas_is_no_part_of_the_answer(chip, said, made):
    asked = activity("asked", f"<p>{said}</p>{chip}<p>Ask for more.</p>", time=TIMES[0])
    [turn] = turns(*made, asked)
    document = f"\n\n{PROFILE}" * len(made)
    assert turn.answer == f"{said}\n\nAsk for more.{document}"


def test_a_canvas_as_html_has_its_text_before_the_date():
    made = cell(f"\n{PROFILE}", "").replace("Prompted&nbsp;", "Created Gemini Canvas titled&nbsp;Profile")
    made = made.replace("10:00:00", "10:00:07")
    [turn] = read_html(page(made, cell("asked", "<p>I made the profile.</p>")))
    assert turn.answer == f"I made the profile.\n\n{PROFILE}"


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


def test_a_card_without_a_date_or_an_activity_without_a_time_is_counted():
    undated = cell("asked", "x", date="some day")
    assert read_html(page(undated, cell("other", "y")))[0] == Unread.ACTIVITY
    untimed = activity("asked", "x")
    del untimed["time"]
    assert turns(untimed, "text") == [Unread.ACTIVITY] * 2


@pytest.mark.parametrize(
    ("more", "unknown"),
    [
        ({"safeHtmlItem": [{"text": "x"}]}, ("safeHtmlItem",)),
        ({"safeHtmlItem": [{"html": "<p>x</p>"}, 3]}, ("safeHtmlItem",)),
        ({"response": [{"text": "x"}]}, ("response",)),
        ({"response": [{"text": "x"}], "safeHtmlItem": [{"html": "<p>x</p>"}]}, ()),
        ({"safeHtmlItem": {"htmlValue": "<p>x</p>"}}, ()),
        ({"safeHtmlItem": ["<p>x</p>"]}, ()),
        ({"safeHtmlItem": None}, ()),
    ],
)
def test_where_an_answer_may_stand_that_is_not_understood_is_named(more, unknown):
    [turn] = turns({**activity("asked"), **more})
    assert turn.unknown == unknown


def test_a_search_without_a_date_is_not_counted():
    search = cell("x", "y", date="no").replace("Gemini Apps<br></p>", "Search<br></p>")
    assert len(read_html(page(search, cell("asked", "y")))) == 1


def test_a_card_that_is_too_large_is_left_out_and_named(monkeypatch):
    monkeypatch.setattr("thesis.importing.gemini_html.MAX_ITEM_BYTES", 1000)
    named, turn = read_html(page(cell("long", "word " * 1000), cell("asked", "x")))
    assert "conversation 1 of MyActivity.html" in named
    assert turn.asked == ("asked",)


def test_the_same_activities_in_json_and_html_are_read_once():
    # 10:00:00 in UTC is 2:00:00 in California, where the page writes it
    times = [f"2026-02-05T10:0{minute}:00Z" for minute in range(3)]
    as_json = [activity("asked", ANSWER, time=time, **details()) for time in times[:2]]
    dates = [f"Feb 5, 2026, 2:0{minute}:00 AM PST" for minute in range(3)]
    as_html = page(*(cell("asked", ANSWER, date=date) for date in dates))
    found = read(member("MyActivity.json", as_json), member("MyActivity.html", as_html))
    assert [turn.first for turn in found] == [True, False, True]
    assert [turn.date for turn in found] == [times[0], times[1], "2026-02-05"]
    assert len({turn.message for turn in found}) == 3


def test_what_was_attached_is_read_if_it_lies_in_the_export():
    asked = activity("asked", "x", attachedFiles=[NAMES[1]])
    [turn] = read(member("MyActivity.json", [asked]), beside=[member(f"a/{NAMES[1]}", [{"age": 34}])])
    assert turn.asked == ("asked", '[{"age": 34}]')


LINES = st.lists(
    st.text("abc <&>'\"{}:,.?é日1-", min_size=1, max_size=20).filter(str.strip), min_size=1, max_size=4
)


@example(["1", "-"], ["a.json"])
@given(LINES, st.lists(st.sampled_from(["a.json", *NAMES]), unique=True))
def test_json_and_html_give_the_same_turn(lines, names):
    prompt = "\n".join(["Write", *lines])
    listed = [{"name": "Attached 1 file."}, *({"name": f"-\xa0 {name}", "url": name} for name in names)]
    [one] = turns(activity(prompt, ANSWER, time="2026-02-05T18:00:00Z", subtitles=listed if names else []))
    [other] = read_html(page(cell(prompt, ANSWER, *names)))
    assert normalized(one.asked[0]) in map(normalized, other.asked)
    assert (one.answer, one.attached) == (other.answer, other.attached)
