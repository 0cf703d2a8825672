"""Amounts are counted, and times grow with them."""

from pathlib import Path

import pytest
import torch

from tests.tiny import edit_yaml
from thesis.doctor.amounts import Amounts, Batch, batches
from thesis.doctor.measuring import measure
from thesis.doctor.project import Project
from thesis.doctor.shapes import PUBLISHED
from thesis.doctor.times import HEAVY


@pytest.fixture
def study(workspace):
    return Project(measure=True)


def test_amounts(study):
    amounts = Amounts.of(study)
    splits = study.people.examples.values()
    n_held_out = sum(len(rows[split]) for rows in splits for split in ("validation", "test"))
    assert amounts.n_validation == 8  # train.common.validation_records
    assert amounts.n_packs == 3 * -(-n_held_out // 40)  # under the base and both adapters
    assert amounts.drawn_rows == 18  # 3 prompts of 2 draws, of the 3 arms without an adapter
    assert amounts.n_read == 15  # 3 prompts of 5 arms


def test_batches(study):
    """Arms with one adapter share a batch; a prompt whose draws are in two batches is read in both."""
    assert [(batch.n_rows, len(batch.prompts)) for batch in batches(study)] == [(18, 9), (6, 3), (6, 3)]
    assert [batch.n_rows for batch in batches(study, 5)] == [5, 5, 5, 3, 5, 1, 5, 1]
    assert [len(batch.prompts) for batch in batches(study, 5)] == [3, 3, 3, 2, 3, 1, 3, 1]
    assert all(type(batch) is Batch and min(batch.prompts) > 1 for batch in batches(study))


def test_times_grow_with_the_amounts(study):
    few = measure(study).stages
    assert {*few} == {*HEAVY}
    assert min(few.values()) > 0
    edit_yaml(Path("params.yaml"), {"train": {"common": {"steps": 2000}}})
    many = measure(Project(measure=True)).stages
    assert many["train_original"] > 20 * few["train_original"]


def test_passes_are_timed_on_apples_gpu_alone(study, monkeypatch):
    """The CPU stands in for the GPU."""
    assert measure(study).passes == {}
    monkeypatch.setattr("thesis.doctor.measuring.is_metal", lambda kind: True)
    passes = measure(study).passes
    assert {*passes} == {"train.common.records_per_pack", "score.records_per_pack"}
    assert min(passes.values()) > 0


def test_what_is_not_timed(study):
    assert study.why_unmeasured == ""
    assert Project(measure=False).why_unmeasured == "--no-measure"
    study.shape = PUBLISHED["meta-llama/Llama-2-7b-hf"]
    assert "6.7 billion" in study.why_unmeasured
    study.device = torch.device("mps")
    assert study.why_unmeasured == ""
    study.shape = None
    assert "once it is fetched" in study.why_unmeasured
