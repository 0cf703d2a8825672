"""Answers of chat pages on the page: where they come from, and which draws are of one conversation."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from stages.common.pasted import Pasted, Provenance
from stages.common.phrases import shortened
from stages.common.records import Completion
from stages.report.__main__ import FIGURES, OVERVIEW, PAGE, main
from stages.report.conversations import caption
from stages.report.discussion import discussion
from stages.report.figures.drawing import LONGEST, NARROW, WIDTH
from stages.report.inputs import adapters, load_inputs
from stages.report.overview import overview_svg
from stages.report.screen import Screen
from stages.report.screens import screens
from stages.report.shares import shares
from stages.report.tables.collected import missing_words
from stages.report.written import format_screen
from tests.evaluate.clustered import CHAT, pasted
from tests.evaluate.fakes import FREE, cat, draws
from tests.report.study import TUNED, Page, completions, write_study

BOUND = {"tiny+constrained/none": None, "tiny+lora+constrained/original": "a1"}
CATS = [cat(coat=coat, mice=mice) for mice, coat in enumerate(["black", "white"] * 5)]


def told(rows: Sequence[Pasted], date: str, **changes: str) -> list[Pasted]:
    """Rows with a date and whatever else is given."""
    provenance = Provenance(product="Claude", date=date)
    return [row.model_copy(update={"provenance": provenance, **changes}) for row in rows]


ONE = told(pasted(CATS), "2026-11-03T09:00:00Z", around="Here they are: <b>cats</b>")
CUT = [row.model_copy(update={"draw": row.draw + 10}) for row in pasted(['{"coat": "bl'], name="b")]
LATER = told(CUT, "2026-11-20", ended="cut")


@pytest.fixture
def chats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_study(tmp_path, completions(), [*ONE, *LATER])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_says_where_answers_come_from_and_whose_are_missing(chats: Path):
    main()
    page = Page(PAGE.read_text("utf-8"))
    head, row = page.tables["table-origins"]
    assert dict(zip(head, row, strict=True)) == {
        "arm": load_inputs().name(CHAT), "prompt": FREE.id, "product": "Claude", "interface": "not named",
        "model": "not shown",
        "dates": "2026-11-03 to 2026-11-20", "answers": "2", "conversations": "2", "draws": "11",
        "with words around": "1", "cut off": "1",
    }  # fmt: skip
    assert "No answers from gemini yet: thesis prompts prints what to paste." in page.text


def test_the_report_is_made_without_answers(page: Page):
    assert "table-origins" not in page.tables
    assert missing_words(load_inputs()) == (
        "No answers from claude and gemini yet: `thesis prompts` prints what to paste."
    )


def test_the_viewer_shows_what_a_chat_page_says(chats: Path):
    main()
    page = Page(PAGE.read_text("utf-8"))
    made = {card["made"] for card in page.cards.values()}
    assert "Claude, model not shown, 2026-11-03T09:00:00Z, ended by itself" in made
    assert "Claude, model not shown, 2026-11-20, stops within the object" in made
    assert "7 tokens, ended by itself" in made
    assert "Here they are: <b>cats</b>" in {card["around"] for card in page.cards.values()}
    assert not [tag for tag, _ in page.tags if tag == "b"]


def test_draws_of_one_conversation_are_named_so_everywhere(chats: Path):
    inputs = load_inputs()
    assert caption(inputs, [FREE.id]).endswith(f": {inputs.name(CHAT)} 11 draws of 2 conversations.")
    assert caption(inputs, ["indoor-cat"]) == ""
    assert "(11 draws of 2 conversations)" in " ".join(map(str, format_screen(inputs).sentences))
    [level] = shares(inputs).levels
    [share] = [share for share in level.arms if share.arm == CHAT]
    assert (share.of, share.low, share.high) == ("5 of 10", None, None)


def test_numbers_without_a_band_are_drawn_without_one(chats: Path):
    main()
    page = Page(PAGE.read_text("utf-8"))
    by_arm = {row[0]: row for row in page.tables["table-fidelity-any-cat"][1:]}
    chat, tuned = map(load_inputs().name, (CHAT, TUNED))
    assert by_arm[chat][1:3] == ["10 (of 11)", "0.10"]
    assert "(" in by_arm[tuned][2]
    [draws_cell] = [row[2] for row in page.tables["table-arms"] if row[0] == chat]
    assert draws_cell == "11 (of 2 conversations)"
    [variety] = [row for row in page.tables["table-variety"] if row[0] == chat]
    assert all("(" not in cell for cell in variety[3:])
    assert chat in OVERVIEW.read_text("utf-8")


def test_free_and_constrained_validity_stand_side_by_side(cats: Path):
    bound = draws(*[cat()] * 4, arm="tiny+lora+constrained/original")
    write_study(cats, [*completions(), *bound])
    main()
    page = Page(PAGE.read_text("utf-8"))
    [row] = page.tables["table-constrained"][1:]
    assert (row[0], row[1], row[2], row[4]) == (load_inputs().name(TUNED), FREE.id, "3 of 4", "4 of 4")
    assert "nothing of what a model has learned" in page.text


def test_the_sentences_are_only_about_free_draws(cats: Path):
    def said() -> tuple[list[Screen], list[list[str]], str, dict[str, str]]:
        inputs = load_inputs()
        ours = [row for row in inputs.completions if isinstance(row, Completion)]
        told = [topic.sentences for topic in discussion(inputs) if topic.name != "constraints"]
        return screens(inputs.free, ()), told, overview_svg(inputs.free), adapters(ours)

    write_study(cats, completions())
    free = said()
    bound = [draws(*CATS[:6], arm=arm, adapter_sha256=sha) for arm, sha in BOUND.items()]
    write_study(cats, [*completions(), *(row for rows in bound for row in rows)])
    assert said() == free
    assert {*BOUND} < {*load_inputs().arms}


def test_many_arms_are_drawn(cats: Path):
    ours = [f"tiny{kind}" for kind in ("+lora", "+shots", "+lora+constrained", "+shots+constrained")]
    arms = [f"{source}/{condition}" for source in ours for condition in ("original", "augmented")]
    rows = [row for arm in arms for row in draws(*CATS[:4], arm=arm)]
    names = [f"{source}/{of}" for source in ("claude", "gemini") for of in ("original", "augmented", "none")]
    write_study(cats, rows, [row for arm in names for row in pasted(CATS[:4], arm=arm)])
    main()
    page = Page(PAGE.read_text("utf-8"))
    assert len(page.tables["table-arms"]) == 1 + 14
    [wide] = FIGURES.glob("shares-coat-any-cat.svg")
    [narrow] = FIGURES.glob("shares-coat-any-cat-8cm.svg")
    for file, inches in ((wide, WIDTH), (narrow, NARROW)):
        text = file.read_text("utf-8")
        shown = [shortened(load_inputs().name(arm), LONGEST) for arm in (*arms, *names)]
        assert all(f">{name}<" in text for name in shown), "a row for each arm"
        assert float(re.findall(r'width="([\d.]+)pt"', text)[0]) / 72 == pytest.approx(inches)
