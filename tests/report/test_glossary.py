from stages.report.glossary import HEAD, Glossary, definitions, load_glossary, markdown
from stages.report.page import linked
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


def test_links_lead_to_definitions_and_unknown_ones_to_the_whole_glossary():
    glossary = Glossary(definitions(TABLE))
    html = str(linked("<b> [8 of 10](validity), [x](nowhere)", glossary))
    assert html == ('&lt;b&gt; <a href="#what-valid-rate">8 of 10</a>, <a href="#glossary">x</a>')


def test_a_link_within_the_method_keeps_only_its_words():
    row = "| [effects](#model--data) (`effects`) | R² | share | see [Memory](#memory) |"
    [one] = definitions(f"{HEAD} says |\n|---|---|---|---|\n{row}")
    assert (one.name, one.anchor, markdown(one.limits)) == ("effects", "what-effects", "see Memory")


def test_the_name_of_an_arm_breaks_only_between_source_and_condition():
    part = '<span class="part">{}</span>'
    html = str(linked("Of m-1+lora/original, 8.", Glossary([])))
    assert html == f"Of {part.format('m-1+lora/')}{part.format('original')}, 8."
    assert str(linked("data/original/x and/or", Glossary([]))) == "data/original/x and/or"


def test_names_of_models_cannot_make_markup():
    assert str(linked('[<img>](validity) "', Glossary([]))) == ('<a href="#glossary">&lt;img&gt;</a> &#34;')
    assert "<script>" not in markdown("`<script>`")


def test_the_method_defines_what_the_tables_of_the_page_show():
    found = load_glossary(ROOT / "docs/method.md")
    for key in (
        "funnel",
        "validity",
        "total_variation",
        "diversity",
        "copies",
        "rules",
        "adherence",
        "score",
    ):
        assert found.anchor(key) != "glossary", key
