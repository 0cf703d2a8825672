"""A draw of the page: it fills, stops, and keeps what was written."""

from threading import Event

import pytest

from stages.shell.errors import UserError
from tests.thesis.ask.fakes import GOOD, reciting
from thesis.ask.saving import provenance_of
from thesis.ask.web import asking as module
from thesis.ask.web.asking import Asking


def asking_of(session, **changes):
    return Asking(session, session.asked[0], session.settings.changed(**changes))


def run(asking):
    asking.start().join()
    return asking


def stop_at(session, asking, arm, n):
    """Stop at the n-th token of an arm."""
    seen = []

    def on_token():
        seen.append(session.calls[-1][0])
        if seen.count(arm) == n:
            asking.stop()

    session.on_token = on_token


def test_it_ends_with_an_answer_of_every_arm():
    asking = run(asking_of(reciting(("one", "two", GOOD))))
    assert [answer.drawn.text for answer in asking.answers] == ["one", "two", GOOD]
    assert not asking.is_running
    assert [column["state"] for column in asking.as_json()["columns"]] == ["done"] * 3


def test_it_shows_what_is_written_before_it_ends():
    session = reciting(("x" * 100, GOOD, GOOD))
    asking, texts = asking_of(session), []
    session.on_token = lambda: texts.append(asking.as_json()["columns"][0]["texts"])
    run(asking)
    assert texts[:4] == [[], ["x"], ["x" * 21], ["x" * 41]]


def test_a_stop_keeps_the_arms_before_it_and_the_text_so_far():
    session = reciting((GOOD, "x" * 100, GOOD))
    asking = asking_of(session)
    stop_at(session, asking, "tiny+lora/original", 3)
    run(asking)
    assert [answer.drawn.text for answer in asking.answers] == [GOOD, "x" * 41]
    columns = asking.as_json()["columns"]
    assert [column["state"] for column in columns] == ["done", "stopped", "waits"]
    assert columns[1]["cards"][0]["made"] == "3 tokens, when stopped"


def test_a_stopped_answer_is_what_its_limit_of_tokens_gives():
    session = reciting((GOOD, "x" * 100, GOOD))
    asking = asking_of(session)
    stop_at(session, asking, "tiny+lora/original", 3)
    stopped = run(asking).answers[-1]
    assert (stopped.drawn.n_tokens, stopped.drawn.ended) == (3, "length")
    assert provenance_of(stopped).max_new_tokens == 3


def test_a_stop_before_the_first_token_leaves_nothing():
    session = reciting()
    asking = asking_of(session)
    asking.stop()
    assert run(asking).answers == []
    assert session.calls == []


def test_a_page_that_nobody_looks_at_stops(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.05)
    session, ended = reciting(("x" * 2000,) * 3), Event()
    session.on_token = lambda: ended.wait(0.01)
    run(asking_of(session))
    assert len(session.calls) == 1


def test_a_mistake_is_told():
    session = reciting()

    def refuse():
        raise UserError("too long\x1b")

    session.on_token = refuse
    state = run(asking_of(session)).as_json()
    assert (state["error"], state["is_running"]) == ("too long␛", False)


def test_a_bug_is_told_on_the_page_and_traced_in_the_terminal(capsys):
    session = reciting()

    def fail():
        raise RuntimeError("out of memory")

    session.on_token = fail
    assert "RuntimeError: out of memory" in run(asking_of(session)).as_json()["error"]
    assert "Traceback" in capsys.readouterr().err


def test_control_characters_are_shown_as_marks():
    columns = run(asking_of(reciting(("<b>\x00", GOOD, GOOD)))).as_json()["columns"]
    assert columns[0]["cards"][0]["text"] == "<b>␀"


def test_arms_that_write_by_grammar_say_so():
    session = reciting()
    session.texts |= {name.replace("/", "+constrained/"): GOOD for name in session.texts}
    columns = run(asking_of(session, constrained=True)).as_json()["columns"]
    assert columns[1]["name"] == "LoRA, by grammar · original"


@pytest.mark.parametrize("n", [1, 3])
def test_all_draws_are_cards(n):
    [first, *_] = run(asking_of(reciting(), draws=n, first_draw=4)).as_json()["columns"]
    assert [card["draw"] for card in first["cards"]] == [*range(4, 4 + n)]


@pytest.mark.parametrize("n", [1, 5])
def test_a_stopped_draw_of_the_model_is_drawn_again_from_its_settings(session, n):
    asking, n_seen = asking_of(session, draws=3), 0
    [_, column, _] = asking.columns
    write = column.write

    def watch(drawn):
        nonlocal n_seen
        n_seen += 1
        write(drawn)
        if n_seen == n:
            asking.stop()

    column.write = watch
    stopped = [answer for answer in run(asking).answers if answer.arm == column.arm]
    assert stopped
    for one in stopped:
        settings = one.settings.changed(first_draw=one.draw, draws=1)
        [again] = session.stream(one.arm, one.prompt.id, one.prompt.text, settings)
        assert again == one.drawn
