"""Prompting against fine-tuning in sentences, and names that say how an answer was asked for."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from stages.common.pasted import Pasted, Provenance
from stages.common.tables.variety import DifferentNumbersRow
from stages.report.__main__ import PAGE, main
from stages.report.answers import answers, writes
from stages.report.discussion import discussion
from stages.report.inputs import load_inputs
from stages.report.prompting import less_varied, prompting
from stages.report.tables.collected import missing_words, origins
from tests.evaluate.clustered import pasted
from tests.evaluate.fakes import FREE, cat
from tests.report.study import Page, completions, write_study

QUESTION = "Prompted or fine-tuned: what differs?"
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


def said(rows: Sequence[Pasted], root: Path) -> str:
    write_study(root, completions(), rows)
    return " ".join(one if isinstance(one, str) else " ".join(one) for one in prompting(load_inputs().free))


def test_nothing_without_chats(study: Path):
    assert said([], study) == ""
    inputs = load_inputs()
    assert QUESTION not in [answer.question for answer in answers(inputs.free)]
    assert [*less_varied(inputs.free)] == []


def test_findings_of_ten_answers_come_with_n_and_bands(study: Path):
    text = said(asked("API"), study)
    assert "claude(API)/original: [10 of 10](validity) fit the schema." in text
    assert "[2 of 10 readable profiles](diversity) are different; Vendi score [1." in text
    # of 10 cats of the original 6 have 3 mice, the others 0, 0, 1 and 9: two numbers are not few
    assert "different_numbers" not in text
    # 4 of 10 cats of the original are white: binomial band up to 7 of 10
    same = "coat = white, tame = true, home.kind = outdoor and breed = mix"
    assert f"Of the profiles with a valid value, [all 10](distributions) have {same}; above" in text
    assert "above the null band: coat (40\u00a0% of the dataset)" in text
    assert "tiny+lora/original: [" in text
    assert "A chat and a tuned arm are different models" in text
    # 1 - .025^(1/10)
    assert "none of 10 independent answers shows may still be true of up to 30.8\u00a0%" in text


def test_few_different_numbers_are_named_with_the_most_frequent(study: Path):
    # ten of the original's cats, 6 of which have 3 mice, have one number in .6^10 = 0.6 % of cases
    rows = [
        row.model_copy(update={"text": row.text.replace('"mice": 4', '"mice": 3')}) for row in asked(None)
    ]
    text = said(rows, study)
    [row] = [one for one in load_inputs().tables[DifferentNumbersRow] if one.arm == "claude/original"]
    assert (row.field, row.n, row.n_different, row.most_frequent, row.n_most_frequent) == (
        "mice",
        10,
        1,
        3,
        10,
    )
    assert "Few different numbers: mice, [1 in 10](different_numbers) (2 to 4), with 3 in 10 of them." in text


def test_answers_of_one_conversation_say_so_and_have_no_band(study: Path):
    one = [row.model_copy(update={"conversation": "a"}) for row in asked(None)]
    text = said(one, study)
    assert (
        "claude/original: [10 of 10](validity) fit the schema (10 draws of 1 conversation, so without" in text
    )
    assert "above the null band" not in text.split("tiny+lora")[0]
    assert "none of 1 independent answer shows" in text


def test_the_name_of_an_arm_says_that_it_was_not_asked_on_the_page(study: Path):
    write_study(study, completions(), [*asked("API"), *asked("web page", 4, "b")])
    inputs = load_inputs()
    main()
    page = Page(PAGE.read_text("utf-8"))
    for name in ("table-arms", "table-origins", "table-variety", "table-different-numbers"):
        assert {"claude(API)/original", "claude/original"} <= {row[0] for row in page.tables[name]}
    [table] = origins(inputs)
    shown = {row[0].text: row[3].text for row in table.rows}
    assert shown == {"claude(API)/original": "API", "claude/original": "web page"}
    assert "Not asked on a web page: claude(API)." in missing_words(inputs)
    assert "The answers of claude(API) were not given on a web page" in page.text
    assert "Claude, interface: API, model not shown" in page.text
    assert "claude(API)/original" in " ".join(map(str, writes(inputs)))
    told = " ".join(str(sentence) for topic in discussion(inputs) for sentence in topic.sentences)
    assert "claude(API)/original (prompt any-cat)" in told


def test_the_name_of_an_interface_is_escaped(study: Path):
    write_study(study, completions(), asked(EVIL))
    main()
    html = PAGE.read_text("utf-8")
    assert "<script>alert" not in html
    assert "\u202e" not in html
    page = Page(html)
    arm = "claude(script-alert-1-script-x-validity-a-b)/original"
    [row] = [row for row in page.tables["table-origins"] if row[0] == arm]
    assert row[1] == FREE.id
    assert "[x](validity)" in row[3]
