"""The base: in the cache, or to be fetched."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from huggingface_hub.errors import GatedRepoError

from stages.common.files import sha256_of, write_json
from stages.common.llm.bases import Base, HubOrigin, PypiOrigin, cached, converted_folder, fetch, identity
from tests.tiny import tiny_base
from thesis.doctor.base import available, check, verified, words

HUB = HubOrigin(hub="meta/llama", revision="0" * 40)


def entry(origin, **changes):
    return Base.model_validate(
        tiny_base(Path("nowhere")) | {"origin": origin, "may_be_passed_on": False} | changes
    )


@pytest.fixture
def token(monkeypatch):
    monkeypatch.setattr("huggingface_hub.get_token", lambda: "hf_secret")
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)


def raising(error):
    def ask(repository):
        raise error

    return ask


NO_ACCESS = raising(GatedRepoError.__new__(GatedRepoError))


@pytest.mark.parametrize(
    ("ask", "word", "part"),
    [
        (lambda repository: None, "ok", "will be fetched"),
        (NO_ACCESS, "problem", "no access"),
        (raising(OSError("no route\nto host")), "warning", "could not ask meta/llama: no route"),
    ],
)
def test_asking_the_hub(token, ask, word, part):
    found = available("llama", entry(HUB), ask)
    assert found.word == word
    assert part in found.found
    assert "\n" not in found.found
    assert "hf_secret" not in repr(found)


def test_a_gated_base_needs_a_login(token, monkeypatch):
    monkeypatch.setattr("huggingface_hub.get_token", lambda: None)
    found = available("llama", entry(HUB), lambda repository: None)
    assert (found.word, "there is none" in found.found) == ("problem", True)
    assert available("llama", entry(HUB, may_be_passed_on=True), lambda repository: None).word == "ok"


def test_offline_is_not_asked(token, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    found = available("llama", entry(HUB), raising(AssertionError()))
    assert "HF_HUB_OFFLINE is 1" in found.found


def test_a_cached_base_is_not_asked_for(token, tiny_llama, monkeypatch):
    monkeypatch.setattr("huggingface_hub.auth_check", raising(AssertionError()))
    study: Any = SimpleNamespace(
        entry=("llama", entry(HUB)), folder=tiny_llama, say=lambda text: None, tokenizer=[], shape=None
    )
    monkeypatch.setattr("thesis.doctor.base.damaged", lambda *args: {})
    first, _ = check(study)
    assert (first.word, "no network or login is needed" in first.found) == ("ok", True)


def test_a_converted_base_lies_where_fetch_puts_it(tmp_path, monkeypatch):
    monkeypatch.setenv("THESIS_CACHE", str(tmp_path))
    monkeypatch.setattr("stages.common.llm.bases.fetch_pypi", lambda *args: args[-2])
    origin = PypiOrigin(pypi="a-base", revision="1.2", file="a.gguf")
    base = entry(origin, sha256={"a.gguf": "ab" * 32})
    folder = fetch("a", base)
    assert converted_folder("a", origin, base.sha256) == folder
    assert cached("a", base) is None
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    assert cached("a", base) == folder


def test_half_a_snapshot_does_not_count(tmp_path, monkeypatch):
    (tmp_path / "config.json").write_text("{}")
    monkeypatch.setattr(
        "stages.common.llm.hub.try_to_load_from_cache", lambda *a, **k: str(tmp_path / "config.json")
    )
    index = {"weight_map": {"a": "1.safetensors", "b": "2.safetensors"}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    (tmp_path / "tokenizer.json").write_text("{}")
    (tmp_path / "1.safetensors").write_bytes(b"")
    assert cached("llama", entry(HUB)) is None
    (tmp_path / "2.safetensors").write_bytes(b"")
    assert cached("llama", entry(HUB)) == tmp_path


def converted(folder, files):
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    write_json(folder / "manifest.json", {"files": files} if files else {})
    return folder


@pytest.mark.parametrize(
    ("files", "word", "says"),
    [
        ({"model.safetensors": "0" * 64}, "problem", "expected"),
        ({}, "warning", "holds no hashes of the files"),
    ],
)
def test_a_converted_base_that_is_not_as_it_was(tmp_path, monkeypatch, files, word, says):
    monkeypatch.setenv("THESIS_CACHE", str(tmp_path))
    base = entry(PypiOrigin(pypi="a-base", revision="1.2", file="a.gguf"))
    (only,) = verified(base, converted(tmp_path / "base", files), lambda text: None)
    assert only.word == word
    assert says in only.found
    assert "converts the base again" in only.remedy


def test_every_byte_is_read_and_progress_is_shown(tmp_path, monkeypatch):
    monkeypatch.setenv("THESIS_CACHE", str(tmp_path))
    base = entry(PypiOrigin(pypi="a-base", revision="1.2", file="a.gguf"))
    folder = converted(tmp_path / "base", {"x": ""})
    write_json(
        folder / "manifest.json", {"files": {"model.safetensors": sha256_of(folder / "model.safetensors")}}
    )
    said: list[str] = []
    (only,) = verified(base, folder, said.append)
    assert only.word == "ok"
    assert said == ["hashing the base: 0.0 of 0.0 GB …"]


def test_adapters_that_were_trained_on_another_folder(tmp_path, tiny_llama):
    folder, adapter = shutil.copytree(tiny_llama, tmp_path / "llama"), tmp_path / "adapter"
    base = entry({"path": str(folder)})
    write_json(adapter / "manifest.json", {"base": {"identity": identity(base)}})
    assert [one.word for one in verified(base, folder, lambda text: None, [adapter])] == ["ok"]
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes() + b"!")
    (only,) = verified(base, folder, lambda text: None, [adapter])
    assert only.word == "problem"
    assert f"{adapter}: trained on other weights" in only.found


@pytest.mark.parametrize(
    ("n_known", "word", "part"),
    [(32000, "ok", "the others have no text"), (32065, "warning", "with one of the others is refused")],
)
def test_a_tokenizer_that_is_not_the_one_of_the_weights(n_known, word, part):
    (only,) = words(n_known, 32064)
    assert only.word == word
    assert part in only.found
    assert words(32064, 32064) == []
