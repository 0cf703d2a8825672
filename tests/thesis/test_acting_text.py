"""Text of models, chats and file names that would act on a terminal: every command shows it as marks."""

import json
from xml.etree import ElementTree

from matplotlib.figure import Figure
from rich.console import Console

from stages.collect.layout import Expected
from stages.collect.rows import look_through
from stages.collect.summary import summary
from stages.common.llm.written import Drawn
from stages.common.pasted import Pasted, Provenance
from stages.report.glossary import Glossary, markdown
from stages.report.links import Links
from stages.report.page import environment
from stages.report.style import svg_text
from tests.thesis.ask.fakes import reciting
from thesis.ask.showing import answer_view, live_view, prompt_view
from thesis.ask.web.columns import Column
from thesis.doctor.findings import Topic, print_topic, problem

ACTING = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202e\u061c\u2066\x7f"
FORBIDDEN = {*ACTING} - {*"[2J]0;owned31m"}


def printed(*shown):
    console = Console(width=100, force_terminal=False, color_system=None)
    with console.capture() as caught:
        for one in shown:
            console.print(one)
    return caught.get()


def answers():
    text = json.dumps({"town": ACTING, ACTING: ACTING, "about": ACTING}, ensure_ascii=False)
    session = reciting((text, ACTING, "{" + ACTING))
    prompt = session.asked[0]
    return [one for arm in session.columns for one in session.answers(arm, prompt, session.settings)]


def test_asking_in_the_terminal():
    found, session = answers(), reciting()
    texts = {arm.name: [ACTING] for arm in session.columns}
    views = [prompt_view(ACTING), live_view(texts, session.columns, session.base_name, 100, 30)]
    assert not {*printed(*views, *(answer_view(one, 90) for one in found))} & FORBIDDEN


def test_asking_on_the_page():
    session, found = reciting(), answers()
    arm = session.columns[0]
    columns = [
        Column(arm, [Drawn(ACTING, [7], "length")], state="writes"),
        Column(arm, answers=found, state="done"),
    ]
    states = [column.as_json(session) for column in columns]
    assert not {*json.dumps(states, ensure_ascii=False)} & FORBIDDEN


def test_whatever_a_template_of_the_report_prints():
    made = environment(Links(Glossary([])), []).from_string("{{ name }} <p title='{{ name }}'>")
    assert not {*made.render(name=ACTING)} & FORBIDDEN


def test_a_picture_and_a_sentence_of_the_report():
    svg = svg_text(Figure(), ACTING)
    assert not {*svg, *markdown(f"asked otherwise: {ACTING}")} & FORBIDDEN
    ElementTree.fromstring(svg)


def test_the_doctor():
    console = Console(width=100, force_terminal=False, color_system=None)
    with console.capture() as caught:
        print_topic(console, Topic("answers", [problem(ACTING, ACTING)]))
    assert not {*caught.get()} & FORBIDDEN


def test_names_of_files_and_folders(tmp_path):
    (tmp_path / f"cl{ACTING}\naude").mkdir()
    (tmp_path / "claude/none/free").mkdir(parents=True)
    (tmp_path / f"claude/none/free/{ACTING}\n.md").write_text("{}")
    (tmp_path / "claude/none/free/01.md").write_text(f"---\nproduct: x\nmodle: '{ACTING[-1]}'\n---\n{{}}")
    _, mistakes = look_through(tmp_path, Expected(["claude"], ["free"]))
    assert len(mistakes) == 3
    assert not {*"".join(mistakes)} & (FORBIDDEN - {"\x7f"} | {"\n"})


def test_the_table_of_what_was_collected():
    row = Pasted(
        source=f"{ACTING}[red]-interactive",
        condition="none",
        prompt_id="free",
        draw=1,
        text="{}",
        conversation="c",
        ended="closed",
        around="",
        file="f",
        provenance=Provenance(),
    )
    shown = printed(summary([row]))
    assert not {*shown} & FORBIDDEN
    assert "[red]" in shown
