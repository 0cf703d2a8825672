"""The page in a real Chromium: what models wrote never runs, and the filter does what it says."""

import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

from stages.report.__main__ import PAGE, main
from tests.report.study import completions, write_study

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=4000",
]
TITLE = "tiny: how consistent, how biased?"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The report of the study about cats, two of whose completions try to run a script."""
    folder = tmp_path_factory.mktemp("browser")
    write_study(folder, completions())
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        main()
    return folder / PAGE


def chromium(page: Path, *flags: str) -> str:
    """What Chromium prints of the page, once its script has run."""
    profile = page.parent / "profile"
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}", *flags, page.as_uri()]
    env = {**os.environ, "HOME": str(page.parent)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=env, check=True)
    shutil.rmtree(profile, ignore_errors=True)
    return done.stdout


def probed(page: Path, script: str, width: int = 1280) -> str:
    """What `script` says about a copy of the page whose policy lets it run, in a frame of this width."""
    text = re.sub(r"script-src '[^']+'", "script-src 'unsafe-inline'", page.read_text("utf-8"))
    probe = f"<script>const tell = (words) => parent.postMessage(`${{words}}`, '*'); {script}</script></body>"
    page.with_name("inner.html").write_text(text.replace("</body>", probe), "utf-8")
    outer = page.with_name("outer.html")
    listen = "<script>onmessage = (event) => { document.title = event.data; };</script>"
    frame = f'<iframe width="{width}" height="800" src="inner.html"></iframe>'
    outer.write_text(f"<title>nothing told</title>{listen}{frame}", "utf-8")
    found = re.search(r"<title>(.*?)</title>", chromium(outer, "--dump-dom"))
    assert found is not None
    return unescape(found[1])


def test_a_script_in_a_completion_is_shown_and_never_run(page):
    dom = chromium(page, "--dump-dom")
    assert f"<title>{TITLE}</title>" in dom
    assert '&lt;script&gt;document.title = "run"&lt;/script&gt;' in dom
    assert "<img" not in dom


def test_not_even_where_the_policy_would_let_it_run(page):
    assert probed(page, "setTimeout(() => tell(document.title), 500);") == TITLE


def test_our_own_script_runs_under_the_policy(page):
    dom = chromium(page, "--dump-dom")
    assert re.search(r'<output id="filter-count"[^>]*>9 of 9 completions</output>', dom)
    assert not re.search(r'<form id="filter"[^>]* hidden', dom)


def test_words_arms_and_findings_filter_the_completions(page):
    ask = """
    const form = document.getElementById("filter"), told = [];
    const shown = () => document.querySelectorAll("article.completion:not([hidden])").length;
    const asked = [["words", "MEOW"], ["arm", "tiny+lora/original"], ["found", "fits"], ["found", "invalid"]];
    for (const [name, value] of asked) {
      form.reset(); form.elements[name].value = value;
      form.dispatchEvent(new Event("submit", {cancelable: true})); told.push(shown());
    }
    tell(told.join(" "));
    """
    # one says meow; five draws are of the tuned arm; five profiles fit; three draws hold no object
    assert probed(page, ask) == "1 5 5 3"


def test_a_link_to_a_hidden_completion_shows_it(page):
    ask = """
    const form = document.getElementById("filter");
    form.elements.words.value = "meow"; form.dispatchEvent(new Event("submit", {cancelable: true}));
    const one = document.getElementById("tiny+lora/original/any-cat/1"), before = one.hidden;
    addEventListener("hashchange", () => { tell(`${before} ${one.hidden}`); });
    location.hash = encodeURIComponent(one.id);
    """
    assert probed(page, ask) == "true false"


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_does_not_scroll_sideways(page, width):
    ask = "const all = document.documentElement; tell(all.scrollWidth - all.clientWidth);"
    assert probed(page, ask, width) == "0"


def test_it_prints(page):
    paper = page.with_suffix(".pdf")
    chromium(page, f"--print-to-pdf={paper}", "--no-pdf-header-footer")
    assert paper.read_bytes().startswith(b"%PDF")
