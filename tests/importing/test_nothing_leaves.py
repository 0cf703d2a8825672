"""Nothing but the answers to the study's prompts leaves an export: not a word of anything else."""

import json
from contextlib import chdir

from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from stages.shell.errors import UserError
from tests.importing.conftest import study
from tests.importing.exports import (
    PROFILE,
    activity,
    as_file,
    assistant,
    attaching,
    cell,
    chatgpt,
    claude,
    human,
    page,
    says,
    zip_of,
)
from thesis.cli import app

CANARY = "canary-7d1f"


@st.composite
def private(draw):
    """A text with the canary in it, short or long."""
    filler = st.sampled_from(["", "34 ", '{"age": 34} ', "é\n", "word " * 130, "<b>&amp;", "\x1b[31m"])
    return f"{draw(filler)}{CANARY}{draw(filler)}"


@st.composite
def chatgpt_export(draw, text):
    """One conversation of the study, with private turns around the matched one, and private others."""
    around = [
        [says("user", draw(private())), says("assistant", draw(private()))]
        for _ in range(draw(st.integers(0, 2)))
    ]
    matched = [attaching("user", text, f"{CANARY}.pdf", "profiles-1.json"), says("assistant", PROFILE)]
    hidden = says("assistant", CANARY, recipient="python")
    thoughts = says("assistant", "", content={"content_type": "thoughts", "thoughts": [{"content": CANARY}]})
    before, after = around[: len(around) // 2], around[len(around) // 2 :]
    own = [message for pair in before for message in pair] + [
        matched[0],
        thoughts,
        hidden,
        says("tool", CANARY),
        matched[1],
    ]
    others = [says("user", draw(private())), says("assistant", draw(private()))]
    made = chatgpt(
        own + [message for pair in after for message in pair], others, title=draw(private()), owner=CANARY
    )
    made[0]["mapping"]["off"] = {"id": "off", "parent": "m0", "message": says("assistant", draw(private()))}
    return "chatgpt", {"conversations.json": made, "user.json": {"email": CANARY}, f"{CANARY}.json": [CANARY]}


@st.composite
def claude_export(draw, text):
    artifact = {"type": "tool_use", "name": "web_search", "input": {"query": CANARY}}
    own = [
        human(text, "profiles-1.json", f"{CANARY}.pdf"),
        assistant({"type": "thinking", "thinking": CANARY}, artifact, PROFILE),
    ]
    turns = [human(draw(private())), assistant(draw(private()))]
    own = own + turns if draw(st.booleans()) else turns + own
    made = claude(own, [human(draw(private())), assistant(draw(private()))], name=draw(private()))
    return "claude", {
        "conversations.json": made,
        "users.json": [{"full_name": CANARY}],
        "memories.json": [CANARY],
    }


@st.composite
def gemini_export(draw, text):
    attached = [{"name": "Attached 2 files."}, {"name": "-  profiles-1.json"}, {"name": f"-  {CANARY}.pdf"}]
    own = activity(text, f"<p>{PROFILE}</p>", draw(private()), subtitles=attached, details=[{"name": CANARY}])
    other = activity(draw(private()), draw(private()), time="2026-02-05T11:00:00Z")
    folder = "Takeout/My Activity/Gemini Apps"
    broken = {f"{folder}/{CANARY}-1f2e3d4c5b6a7988.json": f'["{CANARY}", '}
    return "gemini", {f"{folder}/MyActivity.json": draw(st.permutations([own, other])), **broken}


@st.composite
def gemini_page(draw, text):
    cells = [cell(text, f"<p>{PROFILE}</p>", "profiles-1.json"), cell(draw(private()), draw(private()))]
    content = page(*draw(st.permutations(cells)), f"<p>{CANARY}</p>").replace(
        "Products:", f"Products: {CANARY}"
    )
    return "gemini", {"Takeout/My Activity/Gemini Apps/MyActivity.html": content}


def run(*args):
    """The command's text on stdout and stderr, also if it refuses."""
    try:
        result = CliRunner().invoke(app, ["import", *map(str, args)], catch_exceptions=False)
        return result.output
    except UserError as error:
        return str(error)


@settings(max_examples=25)
@given(st.data())
def test_a_canary_anywhere_else_stays_in_the_export(tmp_path_factory, texts, data):
    folder = tmp_path_factory.mktemp("leaks")
    project, text = study(folder / "project"), texts["free-profile", "original"]
    make = data.draw(st.sampled_from([chatgpt_export, claude_export, gemini_export, gemini_page]))
    source, members = data.draw(make(text))
    export = zip_of(folder / "export.zip", members)
    with chdir(project):
        said = [run(export, "--source", source, *args) for args in ((), ("--json", "--yes"))]
    files = [path for path in project.glob("data/external/**/*") if path.is_file()]
    assert len(files) == 1
    assert PROFILE in files[0].read_text("utf-8")
    for text in (*said, *(path.read_text("utf-8") + path.as_posix() for path in files)):
        assert CANARY not in text


@settings(max_examples=20)
@given(st.integers(0, 4000), st.sampled_from(["chatgpt", "claude", "gemini"]), st.binary(max_size=3))
def test_a_broken_export_is_not_quoted(tmp_path_factory, place, source, junk):
    folder = tmp_path_factory.mktemp("broken")
    content = json.dumps(chatgpt(*[[says("user", CANARY)]] * 10, title=CANARY)).encode()
    export = folder / "conversations.json"
    export.write_bytes(content[:place] + junk + content[place + 1 :])
    with chdir(study(folder / "project")):
        assert CANARY not in run(export, "--source", source)


def test_the_canary_is_seen_where_it_belongs(tmp_path, texts):
    """Show that the tests above can fail: an answer with the canary is written."""
    project = study(tmp_path / "project")
    export = as_file(tmp_path / "c.json", claude([human(texts["free-profile", "none"]), assistant(CANARY)]))
    with chdir(project):
        run(export, "--source", "claude", "--yes")
    [file] = [path for path in project.glob("data/external/**/*") if path.is_file()]
    assert CANARY in file.read_text("utf-8")
