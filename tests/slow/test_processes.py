"""Two processes on one CPU give what one process gives, and a killed one loses nothing."""

import time

import pandas as pd
import psutil
import pytest

from tests.project import change_params, make_project
from tests.slow.test_orphans import saved, within
from tests.tiny import edit_yaml

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

TWO = {"THESIS_LAUNCHER": "torchrun --nproc_per_node 2", "OMP_NUM_THREADS": "1"}
PARAMS = {
    "train": {"common": {"steps": 20, "evaluate_every": 5, "batch_size": 4, "records_per_pack": 2}},
    "generate": {"batch_size": 4},
}
SAME = ("data/generated/completions.jsonl", "data/scores/nll.jsonl")


@pytest.fixture
def project(tiny_llama, tmp_path):
    project = make_project(tmp_path, tiny_llama)
    project.env["OMP_NUM_THREADS"] = "1"
    change_params(**PARAMS)(project.folder)
    return project


def test_the_pipeline_gives_what_one_process_gives(project, tmp_path):
    project.dvc("repro", "prepare")
    two = project.copy(tmp_path / "two")
    two.env = {**project.env, **TWO}
    project.dvc("repro")
    two.dvc("repro", "train_original", "train_augmented")
    for condition in ("original", "augmented"):
        one_curve, two_curve = (curve(p, condition) for p in (project, two))
        pd.testing.assert_frame_equal(one_curve, two_curve, rtol=0, atol=1e-4)
    copy_adapters(project, two)
    two.dvc("repro", "--force", "--single-item", "score")
    two.dvc("repro", "--force", "--single-item", "generate")
    for name in SAME:
        assert (two.folder / name).read_bytes() == (project.folder / name).read_bytes()
    two.dvc("repro", "--force")
    assert two.changed() == set()


def test_accelerate_trains_with_checkpointing_on_the_curve_of_one_process_without(project, tmp_path):
    project.dvc("repro", "prepare")
    two = project.copy(tmp_path / "two")
    edit_yaml(two.folder / "models/bases.yaml", {"tiny": {"gradient_checkpointing": True}})
    launcher = "accelerate launch --num_processes 2"
    two.env = {**project.env, **TWO, "THESIS_LAUNCHER": launcher}
    alone = two.run("dvc", "repro", "train_original")
    assert "without its number (RANK)" in alone.stderr
    two.env["THESIS_LAUNCHER"] = f"{launcher} --multi_gpu"
    for one in (project, two):
        one.dvc("repro", "train_original")
    pd.testing.assert_frame_equal(curve(project, "original"), curve(two, "original"), rtol=0, atol=1e-4)


def test_a_killed_process_ends_the_others_and_the_next_run_continues(project):
    project.env.update(TWO)
    change_params(train={"common": {"steps": 400}})(project.folder)
    project.dvc("repro", "train_original")
    uninterrupted = project.results()
    force = ("dvc", "repro", "--force", "--single-item", "train_original")
    with project.start(*force) as dvc:
        within(120, lambda: saved(project) and ranks_of(dvc))
        ranks = ranks_of(dvc)
        ranks["1"].kill()
        _, said = dvc.communicate(timeout=60)
    assert dvc.returncode != 0
    assert not psutil.wait_procs(ranks.values(), timeout=10)[1]
    assert "A process of THESIS_LAUNCHER ended early" in said
    assert not (project.folder / "models/adapters/original").exists()
    done = project.run(*force)
    assert "The training continues after step" in done.stderr
    assert project.results() == uninterrupted


def test_a_batch_that_does_not_divide_is_refused(project):
    change_params(train={"common": {"records_per_pack": 4}})(project.folder)
    project.env.update(TWO)
    start = time.monotonic()
    failed = project.run("dvc", "repro", "train_original")
    assert failed.returncode != 0
    assert "batch_size (4) is not a multiple of records_per_pack (4) times 2 processes" in failed.stderr
    assert "Set train.common.records_per_pack to 2" in failed.stderr
    assert time.monotonic() - start < 120


def curve(project, condition):
    return pd.read_csv(project.folder / f"metrics/plots/loss_{condition}.csv")


def copy_adapters(source, target):
    """The very same adapters, so that draws can be compared byte for byte."""
    for file in (source.folder / "models/adapters").glob("*/*"):
        there = target.folder / file.relative_to(source.folder)
        there.unlink()
        there.write_bytes(file.read_bytes())


def ranks_of(dvc):
    """The two processes below a dvc that train, by rank; None if they are not there yet."""
    found = {}
    for process in psutil.Process(dvc.pid).children(recursive=True):
        try:
            found[process.environ()["RANK"]] = process
        except (psutil.Error, KeyError):
            continue
    return found if len(found) == 2 else None
