"""claims.yaml holds for the committed results, and so do the project's pages."""

import re

import pytest

from benchmarks.side_by_side.checkouts import OLD
from benchmarks.side_by_side.results import lines_of
from stages.common.files import read_json
from tests.tiny import ROOT
from thesis.claims.checking import check_claims, check_pages, printed_now
from thesis.claims.manifest import load_manifest
from thesis.claims.reading import Results

README = (ROOT / "README.md").read_text("utf-8")


@pytest.fixture
def ours(monkeypatch):
    monkeypatch.chdir(ROOT)
    return load_manifest(), Results()


def test_every_claim_prints_what_the_results_hold(ours):
    # after a new run: thesis claims --update
    assert [one for one in check_claims(*ours) if one.word != "pass"] == []


def test_the_pages_print_what_the_results_hold(ours):
    manifest, results = ours
    texts = printed_now(manifest, [*check_claims(manifest, results)])
    assert [one for one in check_pages(manifest, texts) if one.word != "pass"] == []


def test_what_the_results_do_not_support_stands_there(ours):
    assert len(ours[0].unsupported) >= 10


def test_the_speeds_of_the_readme_are_those_that_were_measured():
    lines = {line.key: line for line in lines_of(read_json(ROOT / "benchmarks/side_by_side.json"))}
    drawing, training = ("generation", "AMD EPYC"), ("training", "Intel(R) Xeon(R) Processor")
    peers = (
        (training, "TRL"),
        (drawing, "model.generate, a prompt's draws at once"),
        (drawing, "llama.cpp"),
        (drawing, OLD),
    )
    shown = re.findall(r"([\d.]+) times as fast as", README)
    assert shown == [f"{lines[key].ratio(peer):.1f}" for key, peer in peers]
