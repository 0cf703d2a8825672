import re

from stages.report.glossary import HEAD, Glossary, definitions, load_glossary, markdown
from stages.report.links import Links
from stages.report.table import Column, Table
from tests.tiny import ROOT

TABLE = f"""# Method
{HEAD} what it can and cannot say |
|---|---|---|---|
| valid rate (`validity`) | fits ÷ **all** | share | format; not *truth* |
| loss (`metrics/train_*.json`) | −ln p | nats | \\|x\\| is low |

| another table (`x`) | a | b | c |
"""


def test_definitions_are_the_rows_of_the_metric_table_alone():
    valid, loss = definitions(TABLE)
    assert (valid.name, valid.keys, valid.anchor) == ("valid rate", ("validity",), "what-valid-rate")
    assert (loss.keys, loss.limits) == (("train_*",), "|x| is low")


def test_words_lead_to_definitions_and_unknown_ones_to_the_whole_glossary():
    html = str(Links(Glossary(definitions(TABLE))).linked("<b> [8 of 10](validity), [x](nowhere)"))
    links = [
        '<a class="define" href="#what-valid-rate">8 of 10</a>',
        '<a class="define" href="#glossary">x</a>',
    ]
    assert html == f"&lt;b&gt; {', '.join(links)}"


def test_numbers_lead_to_the_first_table_that_shows_them():
    one, two = (Table(name, "", [Column("valid", "validity")], []) for name in ("arms", "more"))
    links = Links(Glossary(definitions(TABLE)), [one, two], {"shares": "A mark is a [share](distributions)."})
    assert str(links.linked("[8 of 10](validity)")) == '<a href="#table-arms">8 of 10</a>'
    assert str(links.linked("[valid](validity)")) == '<a class="define" href="#what-valid-rate">valid</a>'
    assert str(links.linked("[8](table:more)[9](figure:shares)")) == (
        '<a href="#table-more">8</a><a href="#figure-shares">9</a>'
    )
    assert str(links.linked("[8](distributions)")) == '<a href="#figure-shares">8</a>', "no table shows it"
    assert str(links.linked("[8](table:gone)")) == "8", "no link that leads nowhere"


def test_a_link_within_the_method_keeps_only_its_words():
    row = "| [effects](#model--data) (`effects`) | R² | share | see [Memory](#memory) |"
    [one] = definitions(f"{HEAD} says |\n|---|---|---|---|\n{row}")
    assert (one.name, one.anchor, markdown(one.limits)) == ("effects", "what-effects", "see Memory")


def test_the_name_of_an_arm_breaks_only_between_source_and_condition():
    part = '<span class="part">{}</span>'
    html = str(Links(Glossary([])).linked("Of m-1+lora/original, 8."))
    assert html == f"Of {part.format('m-1+lora/')}{part.format('original')}, 8."
    assert str(Links(Glossary([])).linked("data/original/x and/or")) == "data/original/x and/or"


def test_names_of_models_cannot_make_markup():
    assert str(Links(Glossary([])).linked('[<img>](validity) "')) == (
        '<a class="define" href="#glossary">&lt;img&gt;</a> &#34;'
    )
    assert "<script>" not in markdown("`<script>`")


def test_the_method_defines_what_sentences_and_tables_of_the_page_name():
    found = load_glossary(ROOT / "docs/method.md")
    source = "".join(file.read_text("utf-8") for file in (ROOT / "stages/report").rglob("*.py"))
    keys = {*re.findall(r"\w\]\(([a-z][\w *-]+)\)", source)} | {
        *re.findall(r"(?:heads\(|Column\(\"[^\"]*\", )\"([a-z_ *]+)\"", source)
    }
    assert {"validity", "contrasts", "train_*"} <= keys
    assert {key for key in keys if found.anchor(key) == "glossary"} == {"key"}, "of the docstrings"
