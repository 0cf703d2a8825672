"""A tiny Llama in memory, to draw from and to compute recorded tokens again."""

from pathlib import Path
from typing import Any

import pytest

from stages.common.params import parse
from tests.tiny import tiny_base


def load_llama(folder: Path, attention: str) -> Any:
    import torch

    from stages.common.llm.bases import Base
    from stages.common.llm.loading import load_base

    base = parse(Base, tiny_base(folder), "tiny")
    return load_base("tiny", base, torch.device("cpu"), attention).eval()


@pytest.fixture(scope="session")
def llama(tiny_llama: Path) -> Any:
    """Draws tokens."""
    return load_llama(tiny_llama, "sdpa")


@pytest.fixture(scope="session")
def branched(tiny_llama: Path) -> Any:
    """Computes recorded tokens again."""
    from stages.common.llm.attention import BRANCHED

    return load_llama(tiny_llama, BRANCHED)


@pytest.fixture(scope="session")
def tokenizer(tiny_llama: Path) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(tiny_llama)
