"""The page in a real Chromium: safe, readable at every width and by night, and usable without a mouse."""

import re
from itertools import pairwise

import pytest

from stages.report.glossary import Glossary
from stages.report.links import Links
from stages.report.page import TEMPLATES, environment
from stages.report.table import Column, Table
from tests.chromium import axe_script, needs_axe, needs_chromium

TITLE = "tiny: how consistent, how biased?"
NARROW, WIDE = 390, 1440
pytestmark = [
    pytest.mark.slow,
    needs_chromium,
    needs_axe,
]


@pytest.fixture
def opened(browser, page):
    """Open the page at a width, by day or by night; everything is closed after the test."""
    contexts = []

    def open_(width=WIDE, **options):
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **options))
        tab = contexts[-1].new_page()
        tab.goto(page.as_uri())
        return tab

    yield open_
    for context in contexts:
        context.close()


def unfold(tab):
    tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def in_view(tab, element):
    box = element.bounding_box()
    return box is not None and -1 <= box["y"] < tab.viewport_size["height"]


@pytest.mark.parametrize("bypass_csp", [False, True], ids=["under the policy", "without a policy"])
def test_a_script_in_a_completion_is_shown_and_never_run(opened, bypass_csp):
    tab = opened(bypass_csp=bypass_csp)
    tab.wait_for_timeout(300)
    assert tab.title() == TITLE
    assert tab.locator("img").count() == 0


def test_our_own_scripts_run_under_the_policy(opened):
    tab = opened()
    assert tab.locator("[aria-haspopup=dialog]").count() > 3
    assert not tab.locator("#filter").is_hidden()


def test_nothing_is_reported_on_the_console(browser, page):
    tab, told = browser.new_page(), []
    tab.on("console", lambda message: told.append(message.text))
    tab.on("pageerror", lambda error: told.append(str(error)))
    tab.goto(page.as_uri())
    tab.wait_for_timeout(300)
    tab.close()
    assert told == []


@pytest.mark.parametrize("width", [320, NARROW, 720, 1024, WIDE])
def test_the_page_never_scrolls_sideways(opened, width):
    """720 pixels are what is left of 1440 at 200 % zoom."""
    tab = opened(width)
    unfold(tab)
    assert tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_figure_is_never_cut(opened, width):
    """Every figure is as wide as its frame, or the frame scrolls."""
    tab = opened(width)
    unfold(tab)
    frames = tab.locator("figure .wide").all()
    assert frames
    for frame in frames:
        fits = "(one) => one.scrollWidth <= one.clientWidth || getComputedStyle(one).overflowX === 'auto'"
        assert frame.evaluate(fits)


def violations(tab):
    """What axe-core finds wrong, with the first element of each kind."""
    tab.evaluate(axe_script())
    found = tab.evaluate("axe.run()")["violations"]
    return [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_axe_finds_nothing_wrong(opened, width, scheme):
    """Also contrast: 4.5 for text."""
    tab = opened(width, color_scheme=scheme)
    assert violations(tab) == []
    unfold(tab)
    tab.locator("main a.define").first.click()
    assert violations(tab) == []


def test_a_dark_screen_gets_a_dark_page_and_dark_figures(opened):
    color = "(one) => getComputedStyle(one).{}"
    day, night = opened(), opened(color_scheme="dark")
    for tab, background in ((day, "rgb(255, 255, 255)"), (night, "rgb(22, 25, 29)")):
        assert tab.locator("html").evaluate(color.format("backgroundColor")) == background
    drawn = "figure svg [style*='var(--c222222']"
    fills, strokes = (
        [{tab.locator(drawn).nth(i).evaluate(color.format(name)) for i in range(9)} for tab in (day, night)]
        for name in ("fill", "stroke")
    )
    day_colors, night_colors = (fills[i] | strokes[i] for i in range(2))
    assert "rgb(34, 34, 34)" in day_colors
    assert "rgb(34, 34, 34)" not in night_colors


def test_the_contents_stay_in_view_and_tell_where_one_is(opened):
    tab = opened()
    contents = tab.locator("nav.contents").last
    contents.get_by_text("Glossary").click()
    tab.wait_for_timeout(200)
    assert in_view(tab, tab.locator("#glossary"))
    assert in_view(tab, contents)
    assert contents.locator("[aria-current]").inner_text() == "Glossary"


def test_the_contents_are_folded_at_the_top_of_a_narrow_screen(opened):
    tab = opened(NARROW)
    contents = tab.locator("details.contents")
    assert not contents.locator("nav").is_visible()
    tab.evaluate("scrollTo(0, 5000)")
    assert in_view(tab, contents)
    contents.locator("summary").click()
    contents.get_by_role("link", name="Glossary").click()
    tab.wait_for_timeout(200)
    assert in_view(tab, tab.locator("#glossary"))
    assert not contents.locator("nav").is_visible()


def test_a_definition_opens_in_place_by_key_and_gives_the_focus_back(opened):
    tab = opened()
    link = tab.locator("main a.define:visible").first
    link.focus()
    before = tab.evaluate("scrollY")
    tab.keyboard.press("Enter")
    box = tab.get_by_role("dialog")
    assert box.is_visible()
    term = tab.locator(f"[id='{link.get_attribute('href')[1:]}'] dt").inner_text()
    assert term in box.inner_text()
    assert tab.evaluate("[scrollY, location.hash]") == [before, ""]
    tab.keyboard.press("Escape")
    assert not box.is_visible()
    assert link.evaluate("(one) => document.activeElement === one")


def test_every_definition_has_an_entry(opened):
    links = opened().locator("a.define")
    keys = {link.get_attribute("href") for link in links.all()}
    assert "#glossary" not in keys


def test_a_number_leads_to_its_table_even_where_that_is_folded(opened):
    tab = opened()
    numbers = tab.locator("main a[href^='#table-']:visible")
    assert numbers.count() > 0
    for place in sorted({link.get_attribute("href") for link in numbers.all()}):
        tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = false; })")
        tab.locator(f"main a[href='{place}']").first.evaluate("(one) => one.click()")
        tab.wait_for_timeout(50)
        table = tab.locator(place)
        assert table.is_visible(), place
        assert in_view(tab, table), place


@pytest.fixture
def tabs(tmp_path):
    """A page with a table for each of three prompts, and one that belongs to none."""
    tables = [Table(name, name, [Column("arm")], []) for name in ("all", "of-b", "of-a", "of-c")]
    made = environment(Links(Glossary([])), ["a", "b", "c"])
    shown = made.from_string('{% from "macros.jinja" import tabs with context %}{{ tabs(found) }}')
    script = TEMPLATES.joinpath("page.js").read_text("utf-8")
    file = tmp_path / "tabs.html"
    file.write_text(f"<body>{shown.render(found=tables)}<script>{script}</script></body>", "utf-8")
    return file.as_uri()


def shown_tables(tab):
    return [one.inner_text() for one in tab.locator("caption").all() if one.is_visible()]


def test_prompts_are_tabs_that_keys_choose(opened, tabs):
    tab = opened()
    tab.goto(tabs)
    names = tab.get_by_role("tab")
    assert names.all_inner_texts() == ["a", "b", "c"]
    assert shown_tables(tab) == ["all", "of-a"]
    names.first.focus()
    for key, name in (
        ("ArrowRight", "b"),
        ("End", "c"),
        ("ArrowRight", "a"),
        ("ArrowLeft", "c"),
        ("Home", "a"),
    ):
        tab.keyboard.press(key)
        assert tab.get_by_role("tab", selected=True).all_inner_texts() == [name]
        assert shown_tables(tab) == ["all", f"of-{name}"]
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.closest('[role=tabpanel]').dataset.tab") == "a"


def test_a_link_into_another_prompt_opens_its_tab(opened, tabs):
    tab = opened()
    tab.goto(f"{tabs}#table-of-c")
    tab.wait_for_timeout(200)
    assert shown_tables(tab) == ["all", "of-c"]
    tab.evaluate("location.hash = '#table-of-b'")
    tab.wait_for_timeout(100)
    assert shown_tables(tab) == ["all", "of-b"]


def test_without_a_script_all_prompts_are_shown(opened, tabs):
    tab = opened(java_script_enabled=False)
    tab.goto(tabs)
    assert shown_tables(tab) == ["all", "of-a", "of-b", "of-c"]
    assert tab.locator("h3").all_inner_texts() == ["a", "b", "c"]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_focus_goes_down_the_page(opened, width):
    tab, tops = opened(width), []
    place = """() => { const one = document.activeElement;
    return one.closest(".contents, .skip") ? null : one.getBoundingClientRect().top + scrollY; }"""
    for _ in range(40):
        tab.keyboard.press("Tab")
        tops.append(tab.evaluate(place))
    assert tops[0] is None, "first the link that skips the contents"
    in_text = [top for top in tops if top is not None]
    assert len(in_text) > 10
    # words of one row may differ by the lines of a table's head
    assert [(one, next_) for one, next_ in pairwise(in_text) if next_ < one - 64] == []


def test_it_prints_on_at_most_30_pages_without_the_completions(opened):
    tab = opened()
    pages = re.findall(rb"/Type\s*/Page\b", tab.pdf(format="A4"))
    assert 0 < len(pages) <= 30
    tab.emulate_media(media="print")
    assert not tab.locator("#completions").is_visible()


def test_findings_and_first_picture_stand_above_the_fold(opened):
    tab = opened()
    for place in (".first .findings li", ".first figure svg:visible"):
        for element in tab.locator(place).all():
            box = element.bounding_box()
            assert box["y"] + box["height"] <= tab.viewport_size["height"]
    assert tab.locator(".first .findings li").count() >= 2
