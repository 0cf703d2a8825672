"""The page of `thesis ask --web` in a real Chromium."""

import socket
from pathlib import Path
from threading import Event

import pytest

from stages.shell.errors import UserError
from tests.chromium import axe_script, needs_axe, needs_chromium
from tests.thesis.ask.fakes import ASKED, GOOD, reciting
from tests.thesis.ask.served import free_port, served

RUNS_IF_READ = 'No <img src=x onerror="document.title=1"> ${1+1} {{x}} <script>document.title=2</script>'
WRONG = '{"town": "west", "job": {"has": "no", "hours": 4}, "about": "jobless <b>x</b>", "extra": 1}'
LONG = "x" * 4000
OTHER = GOOD.replace("north", "south")
pytestmark = [
    pytest.mark.slow,
    needs_chromium,
]


@pytest.fixture
def session(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return reciting((GOOD, RUNS_IF_READ, WRONG))


@pytest.fixture
def tab(browser, session):
    """A browser's tab with the page, and the addresses that it asked for."""
    with served(session) as client:
        tab = browser.new_page(viewport={"width": 1440, "height": 900})
        tab.addresses, tab.complaints = [], []
        tab.on("request", lambda request: tab.addresses.append(request.url))
        tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.goto(f"http://127.0.0.1:{client.port}")
        tab.wait_for_selector("section.arm")
        yield tab
        assert tab.complaints == []
        tab.close()


@pytest.fixture
def going(session):
    """A session that writes long texts, and slowly until `go` is set."""
    go, n = Event(), 0
    session.texts |= dict.fromkeys(session.texts, LONG)

    def on_token():
        nonlocal n
        n += 1
        if n > 2:
            go.wait(0.2)

    session.on_token = on_token
    yield go
    go.set()


def ask(tab, text="Write anyone.", **settings):
    """Type a prompt and settings, press Ask, and wait for the end."""
    type_in(tab, text, **settings)
    tab.click("#ask")
    tab.wait_for_selector("#save:not([hidden])")


def type_in(tab, text="Write anyone.", **settings):
    if tab.is_hidden("#text"):
        tab.click("#edit")
    tab.fill("#text", text)
    if settings and tab.is_hidden("#draws"):
        tab.click("#settings")
    for name, value in settings.items():
        tab.fill(f"#{name}", value)


def press(tab, button):
    """The paths that the page names after a button is pressed."""
    before = tab.inner_text("#told")
    tab.click(button)
    tab.wait_for_function("(before) => document.querySelector('#told').innerText != before", arg=before)
    return tab.locator("#told li").all_text_contents()


def focused(tab):
    return tab.evaluate("document.activeElement.id")


def test_before_the_first_answer_there_is_only_ask(tab):
    shown = [button for button in ("ask", "stop", "next", "save", "undo") if tab.is_visible(f"#{button}")]
    assert shown == ["ask"]
    assert tab.is_hidden("#editor")
    assert tab.is_hidden("#fields")
    assert tab.inner_text("#line") == "… Anyone."


def test_three_columns_fill_and_are_saved_and_undone(tab, session):
    ask(tab)
    columns = tab.locator("section.arm").all_inner_texts()
    assert [text.split("\n")[0] for text in columns] == [
        "✚ Base model",
        "● LoRA · original",
        "○ LoRA · augmented",
    ]
    assert "fits" in columns[0]
    assert "40" in columns[0]
    assert "does not fit" in columns[2]
    assert tab.is_hidden("#undo")
    saved = press(tab, "#save")
    assert all(
        Path(path).read_text("utf-8").endswith(text)
        for path, text in zip(saved, session.texts.values(), strict=True)
    )
    assert tab.is_disabled("#save")
    assert len(press(tab, "#undo")) == 3
    assert not any(Path(path).exists() for path in saved)
    assert tab.is_enabled("#save")


def test_a_press_shows_at_once_that_it_works(tab, going):
    # The server does not answer: what is seen is the page's own.
    tab.route("**/asked", lambda route: None)
    tab.click("#ask")
    assert tab.locator("section.arm dl.skeleton").count() == 3
    assert [tab.is_visible("#ask"), tab.is_visible("#stop")] == [False, True]
    assert tab.inner_text("#status") == "Waiting for the model …"


def test_stop_stands_where_ask_stood_and_takes_its_focus(tab, going):
    before = tab.locator("#ask").bounding_box()
    tab.focus("#ask")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("pre.live")
    assert focused(tab) == "stop"
    after = tab.locator("#stop").bounding_box()
    assert abs(after["x"] + after["width"] - before["x"] - before["width"]) < 1
    assert after["y"] == before["y"]
    going.set()
    tab.wait_for_selector("#save:not([hidden])")
    assert focused(tab) == "ask"


def test_the_text_grows_with_tokens_per_second(tab, going):
    tab.click("#ask")
    tab.wait_for_function(
        "() => document.querySelector('.speed').innerText.match(/writes: \\d+ tokens?, \\d+ tokens.s/)"
    )
    assert tab.inner_text("pre.live") in LONG
    assert "waits for its turn" in tab.locator("section.arm").nth(1).inner_text()


def test_stop_leaves_what_is_there_and_it_can_be_saved(tab, session, going):
    tab.click("#ask")
    tab.wait_for_selector("pre.live")
    tab.wait_for_timeout(500)
    tab.click("#stop")
    tab.wait_for_selector("#save:not([hidden])")
    assert len(session.calls) == 1
    columns = tab.locator("section.arm").all_inner_texts()
    assert "stopped" in columns[0]
    assert "was not asked" in columns[1]
    [path] = press(tab, "#save")
    text = Path(path).read_text("utf-8")
    assert text.partition("\n---\n\n")[2] in LONG
    assert "max_new_tokens" in text
    going.set()
    ask(tab)


def test_a_double_click_does_not_stop(tab, session):
    tab.dblclick("#ask")
    tab.wait_for_selector("#save:not([hidden])")
    assert len(session.calls) == 3


def test_stop_before_the_server_has_answered_stops_the_new_draw(tab, session, going):
    tab.evaluate(
        "() => { const send = fetch; fetch = async (path, given) => {"
        " if (path === '/asked') await new Promise((go) => setTimeout(go, 1000));"
        " return send(path, given); }; }"
    )
    tab.click("#ask")
    tab.wait_for_timeout(500)
    tab.click("#stop")
    tab.wait_for_selector("#ask:not([hidden])")
    assert len(session.calls) <= 1
    assert tab.inner_text("#told") == ""


def test_escape_stops(tab, session, going):
    tab.click("#ask")
    tab.wait_for_selector("pre.live")
    tab.wait_for_timeout(500)
    tab.keyboard.press("Escape")
    tab.wait_for_selector("#save:not([hidden])")
    assert len(session.calls) == 1


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("temperature", "0", "Temperature must be above 0. You typed 0."),
        ("draws", "many", "Draws must be a whole number. You typed many."),
        ("seed", "-1", "Seed must be at least 0. You typed -1."),
    ],
)
def test_a_mistake_is_told_beside_its_field(tab, session, field, typed, words):
    type_in(tab, **{field: typed})
    tab.click("#settings")
    tab.click("#ask")
    tab.get_by_text(words).wait_for()
    box, error = tab.locator(f"#{field}").bounding_box(), tab.locator(f"#{field}-error").bounding_box()
    assert abs(box["x"] - error["x"]) < 2
    assert 0 < error["y"] - box["y"] < 120
    assert focused(tab) == field
    assert tab.locator("[aria-invalid]").count() == 1
    assert tab.locator(".skeleton").count() == 0
    assert session.calls == []
    tab.fill(f"#{field}", "1")
    assert tab.get_by_text(words).count() == 0


def test_an_empty_prompt_is_told_beside_it(tab, session):
    type_in(tab, "   ")
    tab.click("#edit")
    tab.click("#ask")
    tab.get_by_text("The prompt is empty").wait_for()
    assert focused(tab) == "text"
    assert session.calls == []


def test_a_reload_keeps_what_was_written(tab):
    ask(tab, "Write anyone.", temperature="0.7", draws="2")
    tab.locator("section.arm").nth(2).locator(".strip button").nth(1).click()
    shown = tab.locator("section.arm").nth(0).inner_text()
    tab.reload()
    tab.wait_for_selector(".card")
    assert tab.locator("section.arm").nth(0).inner_text() == shown
    assert (tab.input_value("#text"), tab.input_value("#temperature")) == ("Write anyone.", "0.7")
    assert tab.inner_text("#chosen") == "2 draws · temperature 0.7 · seed 1"
    assert len(press(tab, "#save")) == 6
    tab.reload()
    tab.wait_for_selector(".card")
    assert tab.is_disabled("#save")
    assert "6 answers saved so far" in tab.inner_text("#told")
    assert len(press(tab, "#undo")) == 6


def test_a_reload_while_it_writes_goes_on_watching(tab, session, going):
    tab.click("#ask")
    tab.wait_for_selector("pre.live")
    tab.reload()
    tab.wait_for_selector("#stop:not([hidden])")
    going.set()
    tab.wait_for_selector("#save:not([hidden])")
    assert len(session.calls) == 3


def test_a_server_that_was_started_again_is_told_apart(tab):
    ask(tab)
    tab.evaluate(
        "sessionStorage.setItem('thesis ask', JSON.stringify({key: 'gone', typed: {text: 'Mine.'}}))"
    )
    tab.reload()
    tab.wait_for_function("() => document.querySelector('#line').innerText == 'Mine.'")
    assert tab.is_visible("#ask")
    ask(tab, "Another.")


def test_draws_are_leafed_through_by_click_and_by_key(tab, session):
    session.texts["tiny/none"] = GOOD.replace("40", "1#")
    ask(tab, draws="3")
    first = tab.locator("section.arm").nth(0)
    buttons = first.locator(".strip button")
    assert buttons.all_inner_texts() == ["1 ✓", "2 ✓", "3 ✓"]
    assert "11" in first.inner_text()
    buttons.nth(2).click()
    assert "13" in first.inner_text()
    tab.keyboard.press("ArrowLeft")
    assert "12" in first.inner_text()
    assert tab.evaluate("document.activeElement.ariaLabel") == "Draw 2: fits"
    assert "does not fit" in tab.locator("section.arm").nth(1).inner_text()


def test_what_differs_is_marked(tab, session):
    session.texts |= dict(zip(session.texts, (GOOD, OTHER, GOOD), strict=True))
    ask(tab)
    assert (
        tab.locator("dd.differs").all_inner_texts() == ["≠ south"] or tab.locator("dd.differs").count() == 1
    )
    assert tab.locator("dd.differs").inner_text().endswith("south")
    assert tab.is_visible("#legend")


def test_nothing_is_marked_where_all_say_the_same(tab, session):
    session.texts |= dict.fromkeys(session.texts, GOOD)
    ask(tab)
    assert tab.locator("dd.differs").count() == 0
    assert tab.is_hidden("#legend")


def test_the_next_draw_is_another(tab, session):
    ask(tab, draws="2")
    tab.click("#next")
    tab.wait_for_function("() => document.querySelector('.strip').innerText.includes('3')")
    assert session.calls[-1][3].first_draw == 3
    assert tab.inner_text("#chosen").startswith("draws 3 to 4")


def test_answers_stand_above_the_fold(tab):
    ask(tab, draws="3")
    press(tab, "#save")
    tops = [tab.locator("section.arm .card").nth(i).bounding_box()["y"] for i in range(3)]
    assert max(tops) < 300
    assert tab.locator(".facts dd").last.bounding_box()["y"] < 900


def test_on_a_phone_one_arm_is_shown_at_a_time(tab):
    tab.set_viewport_size({"width": 390, "height": 844})
    ask(tab, draws="3")
    arms = tab.locator("section.arm")
    assert [arms.nth(i).is_visible() for i in range(3)] == [True, False, False]
    assert arms.nth(0).locator(".card").bounding_box()["y"] < 600
    tab.get_by_role("button", name="LoRA · augmented").click()
    assert [arms.nth(i).is_visible() for i in range(3)] == [False, False, True]
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    tab.reload()
    tab.wait_for_selector(".card >> visible=true")
    assert arms.nth(2).is_visible()


@pytest.mark.parametrize("width", [320, 390, 720, 1024])
def test_it_never_scrolls_sideways(tab, session, width):
    session.texts["tiny+lora/original"] = "x" * 3000
    tab.set_viewport_size({"width": width, "height": 800})
    ask(tab, "y" * 500, draws="10")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_the_focus_goes_in_the_order_of_the_page(tab):
    ask(tab)
    tab.evaluate("document.activeElement.blur()")
    tab.focus("#choice")
    order = ["choice"]
    for _ in range(5):
        tab.keyboard.press("Tab")
        order.append(focused(tab))
    assert order == ["choice", "edit", "settings", "ask", "next", "save"]


def violations(tab):
    """What axe-core finds wrong, with the first element of each kind."""
    tab.evaluate(axe_script())
    found = tab.evaluate("axe.run()")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]


@needs_axe
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong(tab, session, going, width, scheme):
    tab.set_viewport_size({"width": width, "height": 900})
    tab.emulate_media(color_scheme=scheme)
    assert violations(tab) == []
    type_in(tab, draws="3", temperature="0")
    tab.click("#ask")
    tab.get_by_text("You typed 0.").wait_for()
    assert violations(tab) == []
    tab.fill("#temperature", "1")
    tab.click("#ask")
    tab.wait_for_selector("pre.live")
    assert violations(tab) == []
    session.texts |= dict(zip(session.texts, (GOOD, WRONG, OTHER), strict=True))
    tab.wait_for_timeout(500)
    tab.click("#stop")
    ask(tab)
    press(tab, "#save")
    assert violations(tab) == []


def test_markup_in_prompt_and_answer_is_shown_and_never_run(tab):
    ask(tab, f"<b>bold</b> {RUNS_IF_READ}")
    assert tab.title() == "Ask tiny"
    assert RUNS_IF_READ in tab.locator("section.arm").nth(1).inner_text()
    assert tab.locator("section.arm img, section.arm script, section.arm b").count() == 0


def test_nothing_is_fetched_from_elsewhere(tab):
    ask(tab)
    assert {address.split("/")[2].split(":")[0] for address in tab.addresses} == {"127.0.0.1"}


def test_the_policy_lets_no_other_script_run(tab):
    tab.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'document.title = 3'}))"
    )
    assert tab.title() == "Ask tiny"


def test_a_prompt_of_20_000_characters_reaches_the_session_whole(tab, session):
    ask(tab, "ü" * 20_000)
    assert {len(text) for _, _, text, _ in session.calls} == {20_000}


def test_a_prompt_is_chosen_from_the_list(tab, session):
    tab.select_option("#choice", "north")
    tab.click("#ask")
    tab.wait_for_selector("#save:not([hidden])")
    assert {(prompt_id, text) for _, prompt_id, text, _ in session.calls} == {("north", ASKED[1].text)}


def test_what_the_session_refuses_is_shown_without_a_traceback(tab, session):
    def refuse():
        raise UserError("The prompt has 9000 tokens; shorten it")

    session.on_token = refuse
    tab.click("#ask")
    tab.get_by_text("9000 tokens").wait_for()
    assert tab.is_visible("#ask")
    assert tab.locator(".skeleton").count() == 0


def test_a_port_that_is_taken_is_reported(session):
    from thesis.ask.web.serving import launched

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"Port {port}"):
            launched(session, port)
    launched(session, free_port()).close()
