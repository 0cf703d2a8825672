"""Links of a sentence: whatever it says, only the links are markup."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from stages.common.shown import visible
from stages.report.glossary import Glossary
from stages.report.links import Links, plain, prompt_of

SAID = st.lists(
    st.text(max_size=8)
    | st.sampled_from(["[3 of 4](validity)", "[x](table:arms)", "a/original", "<b>", "&amp;"])
).map(" ".join)


@given(SAID)
def test_a_reader_sees_the_sentence_and_nothing_else(text):
    html = str(Links(Glossary([])).linked(text))
    tags = {*re.findall(r"<[^>]*>", html)}
    assert tags <= {'<span class="part">', "</span>", '<a class="define" href="#glossary">', "</a>"}
    assert unescape(re.sub(r"<[^>]*>", "", html)) == plain(visible(text))


def test_a_link_to_completions_looks_for_their_words():
    html = str(Links(Glossary([])).linked("[break a rule](completions:breaks rule)"))
    assert html == '<a href="#completions?words=breaks+rule">break a rule</a>'


@given(st.lists(st.sampled_from(["a", "b", "a-b", "b-a", "c"]), unique=True, min_size=1), st.data())
def test_a_figure_belongs_to_the_prompt_whose_whole_name_ends_its_own(prompts, data):
    prompt = data.draw(st.sampled_from(prompts))
    assert prompt_of(f"shares-{prompt}", prompts) == prompt
    assert prompt_of("shares", prompts) == ""
