"""HTML as text: code to the letter, prose by paragraphs."""

import json

from hypothesis import given
from hypothesis import strategies as st

from thesis.importing.page_text import text_of_html


def test_paragraphs_lists_and_tables():
    html = "<h2>Title</h2><p>One  <b>bold</b>\nline</p><ul><li>a</li><li>b</li></ul>"
    html += "<table><tr><td>x<td>y</table>"
    assert text_of_html(html) == "Title\n\nOne bold line\n\n- a\n- b\n\n| x | y"


def test_scripts_and_styles_are_silent():
    assert text_of_html("<style>p {}</style><p>seen</p><script>let a = 1</script>") == "seen"


@given(
    st.dictionaries(st.text(max_size=5), st.text() | st.integers(), max_size=4), st.sampled_from([None, 2])
)
def test_json_in_code_survives(profile, indent):
    text = json.dumps(profile, indent=indent)
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    found = text_of_html(f"<p>Here:</p><pre><code>{escaped}\n</code></pre><p>Anything else?</p>")
    before, _, rest = found.partition("```")
    code, _, after = rest.rpartition("```")  # the profile may hold a fence itself
    assert (before.strip(), after.strip()) == ("Here:", "Anything else?")
    assert json.loads(code) == profile
