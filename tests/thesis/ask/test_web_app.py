"""What the page asks of its server: ask, watch, stop, save, undo."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from tests.thesis.ask.fakes import ASKED, GOOD
from tests.thesis.ask.served import TYPED, free_port, port_of, served
from thesis.ask import saving
from thesis.ask.web.page import page_html

pytest.importorskip("uvicorn")


@pytest.fixture
def client(fake):
    with served(fake) as client:
        yield client


def test_the_events_end_with_all_cards(client):
    state = client.end(client.ask())
    assert not state["is_running"]
    assert [column["name"] for column in state["columns"]] == [
        "Base model",
        "LoRA · original",
        "LoRA · augmented",
    ]
    assert [column["cards"][0]["text"] for column in state["columns"]] == [GOOD] * 3


def test_it_asks_what_was_typed(client, fake):
    client.end(
        client.ask(text=f" {ASKED[0].text}\n", draws=" 2", first_draw="3", temperature="0.5", seed="7")
    )
    [*_, (_, prompt_id, text, settings)] = fake.calls
    assert (prompt_id, text) == ("free", ASKED[0].text)
    assert (settings.draws, settings.first_draw, settings.temperature, settings.seed) == (2, 3, 0.5, 7)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("temperature", "0", "Temperature must be above 0. You typed 0."),
        ("temperature", "0,7", "Temperature must be a number. You typed 0,7."),
        ("temperature", "nan", "Temperature must be a number. You typed nan."),
        ("temperature", "", "Temperature is empty. Type a number."),
        ("draws", "11", "Draws must be at most 10. You typed 11."),
        ("draws", "1.5", "Draws must be a whole number. You typed 1.5."),
        ("first_draw", "0", "First draw must be at least 1. You typed 0."),
        ("seed", "-1", "Seed must be at least 0. You typed -1."),
        ("text", " \n", "The prompt is empty. Type one, or choose one from the list."),
    ],
)
def test_a_mistake_is_told_beside_its_field(client, fake, field, typed, words):
    assert client.post("/asked", TYPED | {field: typed}) == {"errors": {field: words}}
    assert fake.calls == []


def test_all_mistakes_are_told_at_once(client):
    errors = client.post("/asked", TYPED | {"text": "", "seed": "x", "draws": "0"})["errors"]
    assert [*errors] == ["text", "draws", "seed"]


def test_a_long_seed_is_shown_in_full(fake):
    fake.params = fake.params.model_copy(update={"seed": 20261129, "temperature": 0.1234567})
    html = page_html(fake)
    assert 'id="seed" value="20261129"' in html
    assert 'id="temperature" value="0.1234567"' in html
    assert 'id="draws" value="1"' in html


def test_two_presses_of_save_write_each_answer_once(client, monkeypatch):
    def slow(answer):
        time.sleep(0.1)  # between the look for a file and its writing
        return provenance_of(answer)

    provenance_of = saving.provenance_of
    monkeypatch.setattr(saving, "provenance_of", slow)
    key = client.ask()
    client.end(key)
    with ThreadPoolExecutor() as pool:
        saved = [*pool.map(client.post, [f"/asked/{key}/save"] * 2)]
    assert sorted(one["n_new"] for one in saved) == [0, 3]


def test_save_and_undo(client):
    key = client.ask()
    client.end(key)
    saved = client.post(f"/asked/{key}/save")
    assert saved["n_new"] == len(saved["paths"]) == 3
    assert client.post(f"/asked/{key}/save") == saved | {"n_new": 0}
    assert len(client.post(f"/asked/{key}/undo")["paths"]) == 3
    assert not any(Path(path).exists() for path in saved["paths"])


def test_undo_keeps_a_file_that_was_changed(client):
    key = client.ask()
    client.end(key)
    first, *others = client.post(f"/asked/{key}/save")["paths"]
    Path(first).write_text("mine", "utf-8")
    assert client.post(f"/asked/{key}/undo") == {"paths": others, "kept": [first]}


def test_a_stopped_draw_can_be_watched_again_and_saved(client, fake):
    fake.texts |= dict.fromkeys(fake.texts, "x" * 2000)
    fake.on_token = lambda: Event().wait(0.02)
    key = client.ask()
    for state in client.states(key):
        if state["columns"][0]["texts"]:
            client.post(f"/asked/{key}/stop")
    assert client.end(key)["columns"][0]["state"] == "stopped"
    [path] = client.post(f"/asked/{key}/save")["paths"]
    assert Path(path).read_text("utf-8").endswith("xxx")


def test_a_key_that_is_not_known_is_told(client):
    assert client.send("GET", "/asked/x").read() == b"event: gone\ndata:\n\n"
    for action in ("stop", "save", "undo"):
        answer = client.send("POST", f"/asked/x/{action}")
        assert answer.status == 404
        assert json.loads(answer.read())["error"] == "These answers are no longer in memory: ask again"


def test_the_page_shows_no_markup_of_others(client, fake):
    fake.notices.append("<script>x</script>\x1b")
    page = client.send("GET", "/").read().decode()
    assert "&lt;script&gt;x&lt;/script&gt;␛" in page
    assert "<script>x" not in page


def test_a_server_that_has_ended_leaves_its_port(fake):
    from thesis.ask.web.serving import launched

    port = free_port()
    for _ in range(2):
        served_once = launched(fake, port)
        port_of(served_once)
        served_once.close()


def test_a_draw_ends_with_its_server(fake):
    fake.texts |= dict.fromkeys(fake.texts, "x" * 20_000)
    fake.on_token = lambda: Event().wait(0.02)
    with served(fake) as client:
        states = client.states(client.ask())
        next(states)
    n_calls = len(fake.calls)
    Event().wait(0.2)
    assert len(fake.calls) == n_calls <= 1
