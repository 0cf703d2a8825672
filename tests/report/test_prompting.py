"""Prompting against fine-tuning in sentences, and names that say how an answer was asked for."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from stages.common.pasted import Pasted, Provenance
from stages.report.__main__ import PAGE, main
from stages.report.inputs import load_inputs
from stages.report.prompting import prompting_screen
from stages.report.screen import Screen
from stages.report.screens import screens
from stages.report.tables.collected import missing_words, origins
from tests.evaluate.clustered import pasted
from tests.evaluate.fakes import FREE, cat
from tests.report.study import Page, completions, write_study

EVIL = "<script>alert(1)</script> [x](validity) a/b\u202e"


def asked(interface: str | None, n: int = 10, name: str = "") -> list[Pasted]:
    """White cats with 3 mice or 4, each in a conversation of its own."""
    talks = [[cat(coat="white", mice=3 + (i < 2))] for i in range(n)]
    made = Provenance(product="Claude", interface=interface)
    return [row.model_copy(update={"provenance": made}) for row in pasted(*talks, name=name)]


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(rows: Sequence[Pasted], root: Path) -> Screen:
    write_study(root, completions(), rows)
    return prompting_screen(load_inputs().free)


def test_nothing_without_chats(study: Path):
    assert said([], study).sentences == []
    assert "prompting" not in [one.id for one in screens(load_inputs().free, ())]


def test_levels_that_all_answers_have_come_with_n_and_the_share_of_people(study: Path):
    screen = said(asked("API"), study)
    # 4 of 10 cats of the original are white: binomial band up to 7 of 10; all of them are tame
    same = "[all 10](distributions) have coat = white (40\u00a0%)."
    assert screen.sentences[-1] == [f"Claude (API) · original: {same}"]
    assert screen.headline == (
        "All profiles of one arm have the same value, beyond chance, in up to 1 field for the chats, "
        "in no field for the tuned arms"
    )
    limits = " ".join(screen.limits)
    assert "A chat and a tuned arm are different models" in limits
    # 1 - .025^(1/10)
    assert "none of 10 independent answers shows may still be true of up to 30.8\u00a0%" in limits


def test_answers_of_one_conversation_show_nothing_beyond_chance(study: Path):
    one = [row.model_copy(update={"conversation": "a"}) for row in asked(None)]
    screen = said(one, study)
    assert screen.headline == "No chat and no tuned arm gives all its profiles the same value beyond chance"
    assert "none of 1 independent answer shows" in " ".join(screen.limits)


def test_the_name_of_an_arm_says_that_it_was_not_asked_on_the_page(study: Path):
    write_study(study, completions(), [*asked("API"), *asked("web page", 4, "b")])
    inputs = load_inputs()
    main()
    page = Page(PAGE.read_text("utf-8"))
    for name in ("table-arms", "table-origins", "table-variety", "table-different-numbers"):
        assert {"Claude (API) · original", "Claude · original"} <= {row[0] for row in page.tables[name]}
    [table] = origins(inputs)
    shown = {row[0].text: row[3].text for row in table.rows}
    assert shown == {"Claude (API) · original": "API", "Claude · original": "web page"}
    assert [row[0].in_files[""] for row in table.rows] == ["claude(API)/original", "claude/original"]
    assert "Not asked on a web page: claude(API)." in missing_words(inputs)
    assert "Claude (API) was not asked on a web page" in page.text
    assert "Claude, interface: API, model not shown" in page.text


def test_two_that_were_not_asked_on_the_page_stand_in_one_sentence(study: Path):
    limits = said([*asked("API"), *asked("CLI", 4, "b")], study).limits
    assert any(" were not asked on a web page" in one for one in limits)


def test_the_name_of_an_interface_is_escaped(study: Path):
    write_study(study, completions(), asked(EVIL))
    main()
    html = PAGE.read_text("utf-8")
    assert "<script>alert" not in html
    assert "\u202e" not in html
    page = Page(html)
    arm = "claude(script-alert-1-script-x-validity-a-b)/original"
    [row] = [row for row in page.tables["table-origins"] if row[0] == load_inputs().name(arm)]
    assert row[1] == FREE.id
    assert "[x](validity)" in row[3]
