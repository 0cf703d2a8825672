"""Amounts are counted, and times grow with them."""

from pathlib import Path

import pytest
import torch

from tests.tiny import edit_yaml
from thesis.doctor.measuring import Amounts, measure
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
    assert amounts.n_packs == pytest.approx(n_held_out * 3 / 40)  # under the base and both adapters
    assert amounts.n_batches == 5  # 3 prompts of 2 draws fit into one batch of 30, of 5 arms
    assert amounts.drawn_rows == 6


def test_times_grow_with_the_amounts(study):
    few = measure(study)
    assert {*few} == {*HEAVY}
    assert min(few.values()) > 0
    edit_yaml(Path("params.yaml"), {"train": {"common": {"steps": 2000}}})
    many = measure(Project(measure=True))
    assert many["train_original"] > 20 * few["train_original"]


def test_what_is_not_timed(study):
    assert study.why_unmeasured == ""
    assert Project(measure=False).why_unmeasured == "--no-measure"
    study.shape = PUBLISHED["meta-llama/Llama-2-7b-hf"]
    assert "6.7 billion" in study.why_unmeasured
    study.device = torch.device("mps")
    assert study.why_unmeasured == ""
    study.shape = None
    assert "once it is fetched" in study.why_unmeasured
