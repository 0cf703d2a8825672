"""What a person sees: nothing is interpreted, everything is marked."""

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from stages.common.llm.written import Drawn
from stages.common.look import VERDICT_SYMBOLS
from stages.common.schema import load_schema
from stages.common.verdicts import VERDICT_WORDS
from tests.thesis.ask.fakes import ASKED, GOOD, Reciting, reciting
from tests.tiny import ROOT
from thesis.ask.card import card_of
from thesis.ask.showing import answer_view, column_title, live_view, prompt_view
from thesis.ask.terminal import ask_all, show

NAMES = ("✚ Base model", "● LoRA · original", "○ LoRA · augmented")
HOSTILE = "[red]x[/red] [/] [link=file:///etc]y[/link] :smile: \x1b[31m\x1b]0;title\x07 \x9b31m \u202eevil"


def console(width: int = 120, terminal: bool = True, height: int = 40) -> Console:
    return Console(
        file=io.StringIO(),
        force_terminal=terminal,
        width=width,
        height=height,
        color_system=None,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )


def printed(view: Any, width: int = 120) -> str:
    where = console(width, terminal=False)
    where.print(view)
    return where.file.getvalue()


def shown(fake: Reciting, width: int = 120, terminal: bool = True, **changes: Any) -> str:
    where = console(width, terminal)
    settings = fake.settings.changed(**changes)
    answers = ask_all(fake, fake.columns, ASKED[0], settings, console(terminal=False))
    show(answers, where)
    return where.file.getvalue()


def rows_with(text: str, word: str) -> list[str]:
    return [line for line in text.splitlines() if word in line]


@pytest.mark.parametrize("width", [80, 120, 200])
def test_three_columns_in_a_terminal(width: int) -> None:
    text = shown(reciting(), width)
    assert any(all(name in row for name in NAMES) for row in text.splitlines())
    assert max(map(len, text.splitlines())) <= width
    assert text.count("job.hours") == 3


@pytest.mark.parametrize(("width", "terminal"), [(60, True), (200, False)])
def test_one_below_the_other_without_room_or_without_a_terminal(width: int, terminal: bool) -> None:
    text = shown(reciting(), width, terminal)
    order = [text.index(name) for name in NAMES]
    assert order == sorted(order)
    assert not any(NAMES[0] in row and NAMES[1] in row for row in text.splitlines())


def test_the_card_marks_what_is_wrong() -> None:
    fake = reciting(texts=('{"town": "west", "job": {"has": "no", "hours": null}, "x": 1}', GOOD, "None."))
    text = shown(fake, 60)
    assert rows_with(text, "✗ west")
    assert rows_with(text, "null")
    assert rows_with(text, "? 1")
    assert rows_with(text, "about")[0].count("—") == 1
    assert rows_with(text, "✗ does not fit")
    assert rows_with(text, "✓ fits: one JSON object")
    assert "— missing" in text


def test_a_value_that_most_arms_did_not_write_is_marked_and_the_key_explains_it() -> None:
    text = shown(reciting(texts=(GOOD, GOOD.replace("40", "5"), GOOD)), 60)
    assert len(rows_with(text, "≠ 5")) == 1
    assert text.count("≠") == 2
    assert text.splitlines()[-1].strip() == "≠ not what most arms wrote"


def test_broken_rules_are_named_and_described() -> None:
    broken = GOOD.replace('"yes"', '"no"')
    text = " ".join(shown(reciting(texts=(broken, GOOD, GOOD)), 60).replace("│", "").split())
    assert "breaks the rule hours-need-a-job: No hours without a job." in text


@pytest.mark.parametrize("width", [26, 40, 100, 120, 360])
def test_raw_text_stands_letter_for_letter(width: int) -> None:
    # each column writes one word without spaces in letters of its own, so that its letters can be found again
    words = ["".join(chr(first + i) for i in range(150)) for first in (0x4E00, 0x0250, 0xAC00)]
    text = shown(reciting(texts=words), width)
    for word in words:
        assert "".join(letter for letter in text if letter in word) == word


def test_the_key_of_the_arms_is_their_shape_and_the_color_of_their_dataset() -> None:
    titles = [column_title(arm, "tiny") for arm in reciting().columns]
    assert [title.plain for title in titles] == [*NAMES]
    assert [next(span.style for span in title.spans) for title in titles[1:]] == ["#0072b2", "#b84e00"]


def test_each_draw_has_its_row() -> None:
    fake = reciting(texts=("one #", "two #", "three #"))
    text = shown(fake, draws=3, first_draw=4)
    assert [rows_with(text, f"draw {n}, seed") != [] for n in (3, 4, 5, 6, 7)] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert [text.index(f"{word} {n}") for n in (4, 5, 6) for word in ("one", "two", "three")] == sorted(
        text.index(f"{word} {n}") for n in (4, 5, 6) for word in ("one", "two", "three")
    )


def test_nothing_is_interpreted() -> None:
    fake = reciting(texts=(HOSTILE, GOOD.replace("Works.", "[bold]no[/bold]"), GOOD))
    for text in (shown(fake, 200), printed(prompt_view(HOSTILE)), live(HOSTILE)):
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & {*text}
        assert "[red]x[/red]" in text
        assert ":smile:" in text
    assert "[bold]no[/bold]" in shown(fake, 200)


def live(*texts: str, width: int = 120, height: int = 20) -> str:
    arms = reciting().columns
    return printed(live_view({arms[0].name: texts}, arms, "tiny", width, height), width)


@pytest.mark.parametrize(("width", "height"), [(120, 40), (80, 24), (40, 24), (10, 5), (200, 12)])
def test_growing_texts_fit_the_window_and_show_their_ends(width: int, height: int) -> None:
    text = live("word " * 500 + "\n" * 3 + "END", width=width, height=height)
    assert len(text.splitlines()) <= max(height, 9)
    assert "END" in text


def test_each_of_many_draws_shows_its_end() -> None:
    text = live(*(f"{'x' * 300}end{n}." for n in range(6)), height=20)
    assert all(f"end{n}." in text for n in range(6))


def test_a_long_prompt_is_cut_and_says_so() -> None:
    text = printed(prompt_view("word " * 4000), 80)
    assert "(20,000 characters in total)" in text
    assert len(text.splitlines()) < 40


def test_an_empty_answer_and_a_cut_one() -> None:
    fake = reciting()
    [one] = fake.answers(fake.columns[0], ASKED[0], fake.settings)
    where = console()
    show([replace(one, drawn=Drawn("", [], "length"), card=card_of("", fake.schema))], where)
    text = where.file.getvalue()
    assert "∅ empty: nothing was written" in text
    assert "0 tokens, cut off at the token limit" in text


def test_the_page_about_asking_explains_every_verdict() -> None:
    page = (ROOT / "docs/asking.md").read_text("utf-8")
    for verdict, words in VERDICT_WORDS.items():
        assert f"| `{VERDICT_SYMBOLS[verdict]} {verdict}` | {words} |" in page


def test_the_page_about_asking_shows_a_card_as_it_is_drawn() -> None:
    page = (ROOT / "docs/asking.md").read_text("utf-8")
    [card] = re.findall(r"^╭.*?^╰─+╯$", page, re.MULTILINE | re.DOTALL)
    written = "".join(line[2:-2] for line in card[card.index("│ {") :].splitlines() if '"' in line)
    text = re.sub(" {2,}", " ", written).strip()
    fake = reciting(texts=("", text, ""), schema=load_schema(ROOT / "data/schema/profile.schema.json"))
    shown = printed(answer_view(fake.answers(fake.columns[1], ASKED[0], fake.settings)[0], 80), 80)
    assert re.sub(r"\d+ tokens", "71 tokens", shown).split() == card.split()
