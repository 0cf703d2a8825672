"""Lengths against limits, and lengths before there is a tokenizer."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from stages.common.llm.pairs import token_pairs
from stages.common.llm.tokenizer import read_tokenizer
from stages.common.records import Example
from stages.prepare.checking import Checked
from stages.prepare.cleaning import CleanRecord
from stages.prepare.prepared import Prepared
from stages.shell.errors import UserError
from tests.vocabularies import letters, saved
from thesis.doctor.counting import ByCharacter, Lengths, check, judge, not_kept

FITS = Lengths(True, [(100, 50), (110, 60)], 170, 90, [120, 400])


@pytest.mark.parametrize(
    ("limits", "word", "part"),
    [
        ((170, 60, 460), "ok", ""),
        ((169, 60, 460), "problem", "1 of 2 do not fit"),
        ((170, 59, 460), "warning", "1 of 2 training profiles"),
        ((170, 60, 459), "problem", "the longest prompt (400 tokens)"),
        ((170, 60, None), "ok", ""),
    ],
)
def test_limits(limits, word, part):
    findings = judge(FITS, *limits)
    wrong = [finding for finding in findings if finding.word != "ok"]
    assert [finding.word for finding in wrong] == ([word] if word != "ok" else [])
    assert all(part in finding.found and finding.remedy for finding in wrong)


def test_held_out_records_have_to_be_read_as_well():
    findings = judge(replace(FITS, longest=500), 170, 60, 460)
    assert [finding.word for finding in findings] == ["ok", "ok", "problem"]


def test_estimated_lengths_are_not_judged():
    (only,) = judge(replace(FITS, counted=False), 1, 1, 1)
    assert (only.word, "not checked" in only.found) == ("ok", True)


def test_a_pack_has_its_shared_beginning_once():
    # shared 90; own parts 60 and 80, on average 70
    assert FITS.pack(1) == 160
    assert FITS.pack(4) == 90 + 4 * 70


def test_tokens_by_character():
    assert ByCharacter()("seven c")["input_ids"] == ["sev", "en ", "c"]


def people(*texts: str) -> Prepared:
    records = [CleanRecord(i, f"p{i}", True, {"age": 3, "summary": text}) for i, text in enumerate(texts, 1)]
    return Prepared({"original": Checked(records, [], []), "augmented": Checked([], [], [])}, {}, {})


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory):
    """A tokenizer without bytes to fall back on: an ß is <unk>."""
    return read_tokenizer(
        saved(tmp_path_factory.mktemp("letters"), letters("<unk>"), eos_token="</s>"), "alpaca"
    )


def test_records_that_the_tokenizer_would_change_are_told_in_the_words_of_the_stages(tokenizer):
    (found,) = not_kept(tokenizer, people("a", "ß a", "a"))
    says = "data/raw/original.json: the base's tokenizer would change 1 of 3 records"
    assert (found.word, found.found) == ("problem", f"{says}\n  record 2: 'ß' would become <unk>")
    assert found.remedy.startswith("Rephrase these parts, or use a base")
    assert not_kept(tokenizer, people("a")) == []
    assert not_kept(None, people("ß")) == []


def test_a_prompt_that_the_tokenizer_would_change_is_told_in_the_words_of_training(tokenizer):
    examples = [Example(source_id="p1", prompt_id="p", prompt="ß", completion="{}")]

    class Study:
        folder, arms, asked = None, [], []
        people = Prepared({}, {}, {"original": {"train": examples, "validation": [], "test": []}})
        entry = "letters", SimpleNamespace(template="alpaca")

    study: Any = Study()
    study.tokenizer = tokenizer
    with pytest.raises(UserError) as refused:
        token_pairs(tokenizer, "alpaca", examples, 99, "data/prepared/original/train.jsonl", "")
    (found,) = check(study)
    assert f"{found.found}\n{found.remedy}" == str(refused.value)
    assert (
        "would change 1 of 1 records\n  line 1, p1: the base's tokenizer would change the prompt"
        in found.found
    )


def test_a_tokenizer_that_does_not_fit_is_a_problem_in_its_own_words():
    class Study:
        folder = people = arms = None

        @property
        def tokenizer(self):
            raise UserError("models/bases.yaml: this template fails\nUse template: alpaca")

    study: Any = Study()
    (found,) = check(study)
    assert (found.word, found.found) == ("problem", "models/bases.yaml: this template fails")
    assert found.remedy == "Use template: alpaca"
