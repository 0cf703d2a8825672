"""What a person reads: README, cards, citation, and the license of Llama 2."""

import tomllib

import pytest
import yaml

from stages.shell.errors import UserError
from tests.thesis.archive.small import LLAMA_2, Small, base_entry, md5
from tests.tiny import ROOT
from thesis.archive.licence import AGREEMENT, NOTICE, notices
from thesis.archive.pipeline import object_path
from thesis.archive.snapshot import snapshot
from thesis.archive.texts import texts

CARD = "model-cards/original.md"


def written():
    return {name: kept.content.decode() for name, kept in texts(snapshot()).items()}


def test_the_card_tells_what_the_manifest_and_the_metrics_say(small):
    small.commit()
    card = written()[CARD]
    head = yaml.safe_load(card.split("---")[1])
    assert head["base_model"] == "someone/tiny"
    assert head["license"] == "apache-2.0"
    assert f"| `adapter_model.safetensors` | `{object_path(md5(b'weights'))}` |" in card
    assert "| `common.steps` | 2 |" in card
    assert "1.5000 before, 0.2500 after" in card
    assert NOTICE not in card


def test_the_readme_names_commit_base_and_every_object(small):
    commit = small.commit()
    small.git("tag", "thesis-v1")
    text = written()["README.md"]
    assert commit in text
    assert "(thesis-v1)" in text
    assert "hub `someone/tiny`" in text
    assert "b" * 64 in text
    assert f"| `it's here.jsonl` | `{object_path(md5(b''))}` |" in text
    assert f"`{CARD}`" in text


def test_the_readme_says_if_the_history_is_left_out(small):
    small.commit()
    alone = texts(snapshot(with_history=False))["README.md"].content.decode()
    assert "without its history" in alone
    assert "without its history" not in written()["README.md"]


def test_the_citation_gets_commit_and_date(small):
    commit = small.commit()
    cited = yaml.safe_load(written()["CITATION.cff"])
    assert cited["commit"] == commit
    assert str(cited["date-released"]) == "2026-11-29"
    assert cited["title"] == "A study"


def test_the_citation_of_this_project_names_its_version_and_license():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert (cited["version"], cited["license"]) == (project["version"], project["license"])
    assert cited["authors"] == project["authors"]


def test_the_datasheet_is_taken_along(small):
    small.commit()
    assert written()["DATASHEET.md"] == "# Who the people are\n"


def test_without_a_citation_there_is_no_archive(small):
    (small.root / "CITATION.cff").unlink()
    small.commit()
    with pytest.raises(UserError, match=r"CITATION\.cff: not in the commit"):
        written()


def test_adapters_of_llama_2_come_with_its_notice_and_agreement(tmp_path, monkeypatch):
    small = Small(tmp_path / "llama", licence=LLAMA_2)
    monkeypatch.chdir(small.root)
    small.commit()
    taken = snapshot()
    with pytest.raises(UserError, match=AGREEMENT):
        notices(taken.base, taken.files)
    small.write(AGREEMENT, "LLAMA 2 COMMUNITY LICENSE AGREEMENT\n")
    small.commit()
    taken = snapshot()
    found = notices(taken.base, taken.files)
    assert found["NOTICE"].content.decode().strip() == NOTICE
    assert found["LLAMA-2-LICENSE.txt"].content.startswith(b"LLAMA 2")
    assert NOTICE in written()[CARD]
    assert "license: llama2" in written()[CARD]


def test_a_base_with_a_dot_in_its_name_is_found(small):
    small.write("models/bases.yaml", yaml.safe_dump({"tiny-1": {"1b": base_entry("Apache-2.0")}}))
    small.write("params.yaml", "base: tiny-1.1b\n")
    small.commit()
    assert snapshot().base.origin["hub"] == "someone/tiny"
