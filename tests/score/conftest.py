"""The tiny Llama in memory, once with branched and once with plain attention."""

from pathlib import Path
from typing import Any

import pytest

from stages.common.params import parse
from tests.tiny import tiny_base


def _load(tiny_llama: Path, attention: str) -> Any:
    import torch

    from stages.common.llm.bases import Base
    from stages.common.llm.loading import load_base

    return load_base(
        "tiny", parse(Base, tiny_base(tiny_llama), "tiny"), torch.device("cpu"), attention
    ).eval()


@pytest.fixture(scope="session")
def branched(tiny_llama: Path) -> Any:
    from stages.common.llm.attention import BRANCHED

    return _load(tiny_llama, BRANCHED)


@pytest.fixture(scope="session")
def plain(tiny_llama: Path) -> Any:
    return _load(tiny_llama, "sdpa")


@pytest.fixture(scope="session")
def tokenizer(tiny_llama: Path) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(tiny_llama)
