"""A workspace with a small prepared study."""

from pathlib import Path

import pytest

from tests.train.study import set_train, write_study


@pytest.fixture
def study(workspace: Path) -> Path:
    write_study(workspace)
    set_train(
        workspace, steps=6, batch_size=4, records_per_pack=4, evaluate_every=2, warmup_steps=0,
        learning_rate=0.01, validation_records=None, schedule="constant",
    )  # fmt: skip
    return workspace
