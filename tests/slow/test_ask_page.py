"""The page of `thesis ask --web` in a real Chromium."""

import shutil
import socket
from pathlib import Path

import pytest

from stages.shell.errors import UserError
from tests.thesis.ask.fakes import GOOD, reciting

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
RUNS_IF_READ = 'No <img src=x onerror="document.title=1"> ${1+1} {{x}} <script>document.title=2</script>'
WRONG = '{"town": "west", "job": {"has": "no", "hours": 4}, "about": "jobless <b>x</b>", "extra": 1}'
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium"),
]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def session(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return reciting((GOOD, RUNS_IF_READ, WRONG))


@pytest.fixture
def tab(session):
    """A browser's tab with the page, and the addresses that it asked for."""
    sync_api = pytest.importorskip("playwright.sync_api")
    from thesis.ask.web.serving import launched

    port = free_port()
    server = launched(session, port, in_browser=False)
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        tab.addresses = []
        tab.on("request", lambda request: tab.addresses.append(request.url))
        tab.goto(f"http://127.0.0.1:{port}")
        tab.wait_for_selector("#ask")
        yield tab
        browser.close()
    server.close(verbose=False)


def ask(tab, text, n_answers=3):
    tab.fill("#prompt textarea", text)
    tab.click("#ask")
    tab.wait_for_function(f"document.querySelectorAll('section.arm article').length == {n_answers}")


def press(tab, button):
    """What the page says after a button is pressed."""
    before = tab.input_value("#told textarea")
    tab.click(button)
    tab.wait_for_function("(before) => document.querySelector('#told textarea').value != before", arg=before)
    return tab.input_value("#told textarea")


def test_three_columns_fill_and_are_saved_and_undone(tab, session):
    ask(tab, "Write anyone.")
    columns = tab.locator("section.arm").all_inner_texts()
    assert [text.split("\n")[0] for text in columns] == ["base", "original", "augmented"]
    assert "fits" in columns[0]
    assert "40" in columns[0]
    assert "does not fit" in columns[2]
    saved = press(tab, "#save").split("\n")
    assert len(saved) == 3
    assert all(
        Path(path).read_text("utf-8").endswith(text)
        for path, text in zip(saved, session.texts.values(), strict=True)
    )
    assert press(tab, "#undo").count("removed") == 3
    assert not any(Path(path).exists() for path in saved)


def test_what_was_saved_is_counted_after_a_reload(tab):
    ask(tab, "Write anyone.")
    press(tab, "#save")
    tab.reload()
    tab.wait_for_function("document.querySelector('#told textarea')?.value.startsWith('3 answers')")
    assert tab.locator("section.arm article").count() == 0
    ask(tab, "Write another one.")


def test_markup_in_prompt_and_answer_is_shown_and_never_run(tab):
    ask(tab, f"<b>bold</b> {RUNS_IF_READ}")
    assert tab.title() == "Ask tiny"
    assert RUNS_IF_READ in tab.locator("section.arm").nth(1).inner_text()
    assert tab.locator("section.arm img, section.arm script, section.arm b").count() == 0


def test_nothing_is_fetched_from_elsewhere(tab):
    ask(tab, "Write anyone.")
    assert {address.split("/")[2].split(":")[0] for address in tab.addresses if "//" in address} == {
        "127.0.0.1"
    }


def test_an_empty_prompt_is_reported(tab, session):
    tab.fill("#prompt textarea", "   ")
    tab.click("#ask")
    tab.get_by_text("The prompt is empty").wait_for()
    assert session.calls == []


def test_a_prompt_of_20_000_characters_reaches_the_session_whole(tab, session):
    ask(tab, "ü" * 20_000)
    assert {len(text) for _, _, text, _ in session.calls} == {20_000}


def test_what_the_session_refuses_is_shown_without_a_traceback(tab, session):
    def refuse():
        raise UserError("The prompt has 9000 tokens; shorten it")

    session.on_token = refuse
    tab.fill("#prompt textarea", "x")
    tab.click("#ask")
    tab.get_by_text("9000 tokens").first.wait_for()


def test_stop_ends_the_draw(tab, session):
    from threading import Event

    go_on = Event()
    session.on_token = lambda: go_on.wait(0.3)
    tab.fill("#prompt textarea", "x")
    tab.click("#ask")
    tab.wait_for_selector("section.arm pre")
    tab.click("#stop")
    tab.wait_for_timeout(1500)
    asked = len(session.calls)
    assert asked < 3
    go_on.set()
    ask(tab, "y")


def test_a_port_that_is_taken_is_reported(session):
    from thesis.ask.web.serving import launched

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"Port {port}"):
            launched(session, port, in_browser=False)
