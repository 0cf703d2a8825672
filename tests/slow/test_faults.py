"""A short version of `make faults`: one fault of each kind, on a finished project."""

import signal

import pytest

from experiments.faults.edits import by_hand, markers, unseen
from experiments.faults.killing import killed
from experiments.faults.kills import Kill
from experiments.faults.remotes import damaged_remote, lost_remote
from experiments.faults.scratch import Project
from experiments.faults.together import second_runs

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SCORES = "data/scores/nll.jsonl"
SECONDS = {"score": 10.0, "generate": 10.0}
KILLS = [
    Kill("score", signal.SIGKILL, "both", 0.1, once_kept=True),
    Kill("generate", signal.SIGTERM, "dvc", 0.1, once_kept=True),
    Kill("score", signal.SIGINT, "python", 0.6),
]
FAULTS = {
    "kills": lambda project, before: killed(project, before, KILLS, SECONDS),
    "remote": lambda project, before: damaged_remote(project, before, [SCORES], seed=1),
    "lost": lambda project, before: lost_remote(project, before, ["data/prepared/rejected.jsonl"]),
    "unseen": lambda project, before: unseen(project, before, [SCORES]),
    "lock": lambda project, before: by_hand(project, before, ["collect"], seed=1),
    "markers": lambda project, before: markers(project, before, ["prepare"]),
    "twice": lambda project, before: second_runs(project, before, ["score"]),
}


@pytest.mark.parametrize("do", FAULTS.values(), ids=FAULTS)
def test_the_next_run_ends_in_the_same_bytes(project, do):
    faulty = Project(project.folder, {**project.env, "THESIS_DEVICE": "cpu"})
    found = [*do(faulty, faulty.results())]
    assert found
    assert [str(one) for one in found if one.wrong] == []
