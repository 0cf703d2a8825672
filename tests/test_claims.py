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


def test_the_memory_on_the_macs_page_is_that_of_the_recorded_runs():
    page = " ".join((ROOT / "docs/mac.md").read_text("utf-8").split()).replace("> ", "")
    runs = [
        read_json(ROOT / f"metrics/runs/{stage}.json")["peak_memory_bytes"]
        for stage in ("train_original", "score", "generate")
    ]
    train, score, draw = (f"{n_bytes / 1e9:.1f}" for n_bytes in runs)
    assert f"peaked at {train} GB in training, {score} in scoring and {draw} in generation" in page
    whole = read_json(ROOT / "benchmarks/whole_dag.json")["32 layers, nf4"]
    train, score, draw = (
        f"{whole[stage]['anonymous_bytes'] / 1e9:.1f}" for stage in ("train_original", "score", "generate")
    )
    assert f"at most {train} GB in training, {score} in scoring and {draw} in drawing" in page
    assert f"4 bits; {train} GB in training" in page
