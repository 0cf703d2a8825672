"""The header of a pasted answer: read strictly if it is a header, left alone if it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.collect.header import read_provenance, split_header, with_header
from stages.common.pasted import Provenance
from stages.shell.errors import UserError

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200).filter(
    lambda text: text != "\ufeff"
)
PROVENANCES = st.builds(
    Provenance,
    product=WORDS,
    model=WORDS | st.none(),
    date=st.datetimes().map(lambda moment: moment.isoformat()) | st.none(),
    prompt=st.text(st.sampled_from("a-: #'\"\n{}"), max_size=200) | st.none(),
    seed=st.integers() | st.none(),
    temperature=st.floats(allow_nan=False, allow_infinity=False) | st.none(),
    constrained=st.booleans() | st.none(),
)


@given(PROVENANCES, st.text(st.sampled_from('\n-{}"ab: '), max_size=60))
def test_what_was_written_is_read(provenance, text):
    header, answer = split_header(with_header(provenance, text))
    assert header is not None
    assert (read_provenance(header), answer) == (provenance, text)


def test_values_stay_as_they_were_written():
    found = read_provenance("model: 4.10\ndate: 2026-11-20\nconversation: 0x1f\nproduct: no\nseed: 7\n")
    assert (found.model, found.date, found.conversation, found.product, found.seed) == (
        *("4.10", "2026-11-20", "0x1f", "no"),
        7,
    )
    assert read_provenance("") == read_provenance("model:\nproduct: ~\n") == Provenance()


@pytest.mark.parametrize(
    "answer",
    [
        "---\n{}\n---\n",
        "---\nHere she is:\n---\n{}",
        "---\nname: Ann\nage: 34\n---\n",  # a profile that is written like a header
        "---\n\n---\n{}",
        "{}\n---\nmodel: x\n---\n",
        "---",
    ],
)
def test_an_answer_that_begins_with_a_rule_has_no_header(answer):
    assert split_header(answer) == (None, answer)


@pytest.mark.parametrize("before", ["", "\n", "\n \n"])
def test_empty_lines_before_a_header_and_one_after_it_do_not_matter(before):
    assert split_header(f"{before}---  \nmodel: x\n---\n\n{{}}\n") == ("model: x\n", "{}\n")
    assert split_header(f"{before}---\nmodel: x\n---") == ("model: x\n", "")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("modle: x", "header, modle: unknown key; did you mean model?"),
        ("Model: x", "header, Model: unknown key; did you mean model?"),
        ("mood: x", "header, mood: unknown key; "),
        ("date: 20.11.2026", "header, date: '20.11.2026' is not a date; write it as 2026-11-20"),
        ("seed: many", "header, seed: 'many': input should be a valid integer"),
        ("temperature: .inf", "header, temperature: '.inf'"),
        ("temperature: inf", "header, temperature: 'inf': input should be a finite number"),
        ("conversation: [a, b]", "header, conversation: ['a', 'b']: input should be a valid string"),
        ("model: GPT: five", "header, line 1: not YAML"),
        ("date: 2026-11-20\nmodel: 'x", "header, line 3: not YAML"),
        ("model: a\nmodel: b", 'duplicate key "model"'),
        ("model: \x07", "not YAML"),
        ("- model", "header: it must have lines `key: value`"),
    ],
)
def test_mistakes_are_named(header, said):
    with pytest.raises(UserError) as error:
        read_provenance(f"{header}\n")
    assert said in str(error.value)


def test_all_mistakes_of_a_header_are_reported_at_once():
    with pytest.raises(UserError, match=r"seed(.|\n)*did you mean model"):
        read_provenance("seed: x\nmodle: y\n")


def test_a_header_with_a_typo_is_still_a_header():
    assert split_header("---\nmodle: x\n---\n{}")[0] == "modle: x\n"
    with pytest.raises(UserError, match="does not end"):
        split_header("---\nmodel: x\n\n{}")


@pytest.mark.parametrize("header", ["product: Claude\nmodel: X\n", "model: X\ndate: 2026-11-20\n"])
def test_a_header_without_dashes_is_named(header: str) -> None:
    with pytest.raises(UserError, match="are missing; add them"):
        split_header(f"{header}\n{{}}")
    assert split_header(f"---\n---\n{header}")[0] is None


def test_one_line_like_a_header_is_an_answer() -> None:
    assert split_header("model: X\n\n{}") == (None, "model: X\n\n{}")


@pytest.mark.parametrize("rule", ["----", " ---", "--", "—"])
def test_a_header_below_other_dashes_is_named(rule: str) -> None:
    with pytest.raises(UserError, match="not three hyphens"):
        split_header(f"{rule}\nmodel: x\n{rule}\n{{}}")


def test_a_colon_without_a_space_is_a_typo_in_a_header() -> None:
    header, _ = split_header("---\nproduct:Claude\nmodel:Sonnet 4.5\n---\n{}")
    with pytest.raises(UserError, match="it must have lines `key: value`"):
        read_provenance(header or "")


def test_keys_may_be_indented() -> None:
    assert split_header("---\n  product: Claude\n  model: x\n---\n{}") == (
        "product: Claude\nmodel: x\n",
        "{}",
    )


@pytest.mark.parametrize(
    "content", ["Product: Claude\n\n{}", "----\n\nMODEL: x\n----\n{}", "---\n Product: x\n\n{}"]
)
def test_typos_are_named_however_they_are_written(content: str) -> None:
    with pytest.raises(UserError, match="header"):
        split_header(content)
