"""Columns fill one after another, in a thread that ends when nobody watches."""

from threading import Event

import pytest

from stages.shell.errors import UserError
from tests.thesis.ask.fakes import GOOD, reciting
from thesis.ask.web.columns import Column
from thesis.ask.web.streaming import drawn


def start(session):
    return drawn(session, session.columns, session.asked[0], session.settings)


def test_ends_with_an_answer_of_every_arm():
    session = reciting(("one", "two", GOOD))
    *_, columns = start(session)
    assert [column.answers[0].drawn.text for column in columns] == ["one", "two", GOOD]


def test_shows_what_is_written_before_it_ends():
    session, go_on = reciting(("x" * 100,) * 3), Event()
    session.on_token = lambda: go_on.wait(0.1)
    texts = []
    for columns in start(session):
        texts += columns[0].texts
        if texts and len(texts[-1]) > 20:
            go_on.set()
    assert any(0 < len(text) < 100 for text in texts)


def test_closing_it_stops_the_draw():
    session, go_on, ended = reciting(("x" * 2000,) * 3), Event(), Event()

    def slowly():
        go_on.wait(0.01)
        if len(session.calls) > 1:
            ended.set()

    session.on_token = slowly
    shown = start(session)
    next(shown)
    shown.close()
    assert not ended.wait(0.5)
    assert len(session.calls) == 1


def test_a_mistake_is_raised_where_it_can_be_shown():
    session = reciting()

    def refuse():
        raise UserError("too long")

    session.on_token = refuse
    with pytest.raises(UserError, match="too long"):
        list(start(session))


def test_a_column_escapes_what_was_written():
    session = reciting(("<script>x</script>\x00", GOOD, GOOD))
    *_, columns = start(session)
    assert "&lt;script&gt;x&lt;/script&gt;␀" in columns[0].html()
    assert "<script" not in columns[0].html()


def test_a_column_says_whether_it_waits():
    column = Column(reciting().columns[0])
    assert "waits for its turn" in column.html(is_running=True)
    assert "has not been asked" in column.html()
