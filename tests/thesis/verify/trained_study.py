"""A tiny study that was really trained, scored and drawn."""

from pathlib import Path

import pytest

from stages.common.records import CONDITIONS
from tests.tiny import edit_yaml, make_workspace
from tests.train.study import set_train, train, write_study


def make_study(home: Path, llama: Path) -> Path:
    """The project after train, score and generate, in a new folder below `home`."""
    from stages.generate import __main__ as generate
    from stages.score import __main__ as score

    folder = make_workspace(home / "project", llama)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("THESIS_DEVICE", "cpu")
        write_study(folder)
        set_train(folder, steps=4, batch_size=4, records_per_pack=4, evaluate_every=4, learning_rate=0.05)
        for condition in CONDITIONS:
            train(patch, condition)
        edit_yaml(folder / "params.yaml", {"generate": {"draws": 3, "shots": 4, "max_new_tokens": 24}})
        score.main()
        generate.main()
    return folder
