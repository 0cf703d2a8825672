"""The tiny Llama as an entry of models/bases.yaml, and in memory."""

from pathlib import Path
from typing import Any

import pytest

from stages.common.llm.bases import Base
from stages.common.params import parse
from tests.tiny import tiny_base


@pytest.fixture(scope="session")
def base(tiny_llama: Path) -> Base:
    return parse(Base, tiny_base(tiny_llama), "models/bases.yaml: tiny")


@pytest.fixture(scope="session")
def tokenizer(base: Base) -> Any:
    from stages.common.llm.loading import load_tokenizer

    return load_tokenizer("tiny", base)


@pytest.fixture(scope="session")
def llama(base: Base) -> Any:
    """To generate with; nobody changes its weights."""
    import torch

    from stages.common.llm.loading import load_base

    return load_base("tiny", base, torch.device("cpu"), "sdpa").eval()
