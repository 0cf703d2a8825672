"""One run of the real dvc.yaml under the real DVC, on the tiny Llama; tests/slow/test_dag.py asks more."""

import yaml

from tests.project import make_project
from tests.tiny import ROOT

STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text("utf-8"))["stages"]


def test_one_repro_makes_every_output(tiny_llama, tmp_path):
    project = make_project(tmp_path, tiny_llama)
    project.dvc("repro", "-q")
    project.dvc("status", "-q")  # returns 1 where something changed
    entries = [e for s in STAGES.values() for kind in ("outs", "metrics", "plots") for e in s.get(kind, [])]
    outputs = [entry if isinstance(entry, str) else next(iter(entry)) for entry in entries]
    assert [path for path in outputs if not (project.folder / path).exists()] == []
