"""Marks of ChatGPT: the words that the page shows stay, in prose and in JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thesis.importing.marks import as_shown


def mark(*fields):
    return "\ue200" + "\ue202".join(fields) + "\ue201"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (mark("entity", '["city","Boston","in Massachusetts"]'), "Boston"),
        ('\ue200entity["city","Boston"]\ue201', "Boston"),
        (mark("entity", r"[\"city\",\"Boston\"]"), "Boston"),
        (mark("entity", '{"name": "Boston", "type": "city"}'), "Boston"),
        (mark("url", "the site", "https://example.org"), "the site"),
        (mark("link_title", "the site", "turn0search0"), "the site"),
        (mark("cite", "turn0search1", "turn0news12"), ""),
        (mark("filecite", "turn0file0", "L1-L5"), ""),
        (mark("filecite", "turn0file0"), ""),
        (mark("image_group", '{"query": ["a", "b"]}'), ""),
        (mark("genui", '{"name": "chart"}'), ""),
        (mark("i", "turn0image1", "turn0image2"), ""),
        ("\ue203a claim\ue204" + mark("cite", "turn1view0") + "\ue206", "a claim"),
        ("\ue200cite\ue202turn0search0 goes on", " goes on"),
        (mark("new_kind", "two words"), "two words"),
        (mark("entity", "[broken"), "[broken"),
        ("【12†source】【4:0†profiles-1.json】", ""),
        (":contentReference[oaicite:2]{index=2}", ""),
        ('::::writing{variant="document"}\n{"age": 34}\n::::\n', '{"age": 34}\n'),
        (':::writing{variant="document" id="38274"}\n{"age": 34}\n:::\n', '{"age": 34}\n'),
    ],
)
def test_known_marks(written, shown):
    assert as_shown(f"He {written}.") == f"He {shown}." or as_shown(written) == shown


@given(st.text(st.characters(exclude_categories=["Cs", "Co"])), st.text('ab \ue200\ue201\ue202[]"{}:,cite'))
def test_no_private_character_stays_and_no_other_text_changes(text, junk):
    plain = text.replace("【", "").replace(":::", "").replace(":contentReference", "")
    assert as_shown(plain) == plain
    assert not set(as_shown(junk)) & set("\ue200\ue201\ue202")


def test_names_within_json_keep_it_whole():
    city, source = mark("entity", '["city","Boston"]'), mark("cite", "turn0search0")
    summary = f"Lives in {city} and works{source}."
    assert json.loads(as_shown(f'{{"summary": "{summary}"}}')) == {"summary": "Lives in Boston and works."}
