"""A whole project to ask in: two adapters of one step on the tiny Llama."""

from pathlib import Path

import pytest

from stages.common.records import CONDITIONS
from tests.tiny import edit_yaml, make_workspace
from tests.train.study import set_train, train, write_study


def trained_project(folder: Path, llama: Path) -> Path:
    """A project that is trained, with the draws of `generate` from every arm."""
    project = make_workspace(folder, llama)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        patch.setenv("THESIS_DEVICE", "cpu")
        write_study(project)
        set_train(project, steps=1, batch_size=4, records_per_pack=4, evaluate_every=1)
        for condition in CONDITIONS:
            train(patch, condition)
        changes = {"draws": 3, "batch_size": 2, "shots": 4, "constrained": True}
        edit_yaml(project / "params.yaml", {"generate": changes})
        from stages.generate.__main__ import main

        main()
    return project
