"""claims.yaml holds for the committed results, and so do the project's pages."""

import re

import pytest

from benchmarks.side_by_side import page
from benchmarks.side_by_side.results import lines_of
from stages.common.files import read_json
from tests.tiny import ROOT
from thesis.claims.checking import check_claims, check_pages
from thesis.claims.manifest import load_manifest
from thesis.claims.reading import Results

README = (ROOT / "README.md").read_text("utf-8")
SPEED = (ROOT / "docs/speed.md").read_text("utf-8")


@pytest.fixture
def ours(monkeypatch):
    monkeypatch.chdir(ROOT)
    return load_manifest(), Results()


def test_every_claim_prints_what_the_results_hold(ours):
    # after a new run: thesis claims --update
    assert [one for one in check_claims(*ours) if one.word != "pass"] == []


def test_the_pages_print_what_the_results_hold(ours):
    assert [one for one in check_pages(*ours) if one.word != "pass"] == []


def test_what_the_results_do_not_support_stands_there(ours):
    assert len(ours[0].unsupported) >= 10


def test_the_speeds_of_the_readme_are_those_that_were_measured():
    [drawing] = lines_of(read_json(ROOT / "benchmarks/side_by_side.json"))
    peers = ("model.generate, a prompt's draws at once", "llama.cpp")
    shown = re.findall(r"([\d.]+) times as fast as", README)
    assert shown == [f"{drawing.ratio(peer):.1f}" for peer in peers]


def test_the_table_of_speeds_is_that_of_its_file():
    [shown] = re.findall(r"<!-- begin: make bench -->\n(.*?)<!-- end: make bench -->", SPEED, re.DOTALL)
    assert shown.strip() == page.table(read_json(ROOT / "benchmarks/side_by_side.json")).strip()
