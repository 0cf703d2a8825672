"""The base: in the cache or to be had."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from huggingface_hub.errors import GatedRepoError

from stages.common.files import sha256_of, write_json
from stages.common.llm.bases import Base, HubOrigin, PypiOrigin, cached, converted_folder, fetch, identity
from tests.tiny import tiny_base
from thesis.doctor.base import Availability, judge, look, verified

GATED = Availability("llama", "meta/llama", False, True, True, "granted", "")
HUB = HubOrigin(hub="meta/llama", revision="0" * 40)


def entry(origin, **changes):
    return Base.model_validate(
        tiny_base(Path("nowhere")) | {"origin": origin, "may_be_passed_on": False} | changes
    )


@pytest.mark.parametrize(
    ("change", "word", "part"),
    [
        ({}, "ok", "will be fetched"),
        ({"cached": True, "token": False, "access": "unasked"}, "ok", "in the cache"),
        ({"token": False, "access": "unasked"}, "problem", "there is none"),
        ({"access": "refused"}, "problem", "no access"),
        ({"access": "unasked", "reason": "offline"}, "warning", "could not ask"),
        ({"gated": False, "token": False}, "ok", "will be fetched"),
    ],
)
def test_access(change, word, part):
    (only,) = judge(replace(GATED, **change))
    assert only.word == word
    assert part in only.found


@pytest.fixture
def token(monkeypatch):
    monkeypatch.setattr("huggingface_hub.get_token", lambda: "hf_secret")
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)


def raising(error):
    def ask(repository):
        raise error

    return ask


@pytest.mark.parametrize(
    ("ask", "access", "reason"),
    [
        (lambda repository: None, "granted", ""),
        (raising(GatedRepoError.__new__(GatedRepoError)), "refused", ""),
        (raising(OSError("no route\nto host")), "unasked", "no route"),
    ],
)
def test_asking_the_hub(token, ask, access, reason):
    found = look("llama", entry(HUB), False, ask)
    assert (found.access, found.reason, found.token) == (access, reason, True)
    assert "hf_secret" not in repr(found)


def test_what_is_cached_is_not_asked_for(token):
    assert look("llama", entry(HUB), True, raising(AssertionError())).access == "unasked"


def test_offline_is_not_asked(token, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    found = look("llama", entry(HUB), False, raising(AssertionError()))
    assert found.reason == "HF_HUB_OFFLINE is 1"


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


def test_half_a_snapshot_is_none(tmp_path, monkeypatch):
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
    assert "converted anew" in only.remedy


def test_every_byte_is_read_and_told_of(tmp_path, monkeypatch):
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
