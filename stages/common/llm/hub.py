"""Base models of the Hugging Face hub, in its own cache."""

import errno
import re
from collections.abc import Mapping
from pathlib import Path

from huggingface_hub import snapshot_download, try_to_load_from_cache
from huggingface_hub.constants import HF_HUB_CACHE
from huggingface_hub.errors import (
    DryRunError,
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
)

from stages.common.files import read_json
from stages.common.llm.verified import faults, listed, remove
from stages.shell.disk import free_bytes
from stages.shell.errors import UserError
from stages.shell.remedies import REMOVED

HASH = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
"""Names of blobs: git's name of a small file's content, or a large file's sha256."""
WANTED = ["*.json", "*.safetensors", "tokenizer.model"]


def fetch_hub(repository: str, revision: str, sha256: Mapping[str, str], record: Path) -> Path:
    """A snapshot in Hugging Face's own cache, where an interrupted download resumes.

    A damaged file is removed, so that the next run fetches it again.
    """
    try:
        if cached_snapshot(repository, revision) is None:
            _refuse_full_disk(repository, revision)
        folder = Path(snapshot_download(repository, revision=revision, allow_patterns=WANTED))
    except (GatedRepoError, RepositoryNotFoundError):
        raise UserError(
            f"{repository}: no access with the current Hugging Face login\n"
            f"  1. ask for access at https://huggingface.co/{repository} (Meta answers within hours)\n"
            "  2. make a token with the right to read: https://huggingface.co/settings/tokens\n"
            "  3. log in: hf auth login\n"
            "Or work without an account: `base: smollm2-135m` in params.yaml"
        ) from None
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        cause = "Make room on the disk" if error.errno == errno.ENOSPC else "Check the network"
        raise UserError(
            f"{repository}: the download failed: {str(error).splitlines()[0]}\n"
            f"{cause} and run again (it resumes), or use `base: smollm2-135m` in params.yaml"
        ) from None
    expected = named_by_the_hub(folder) | {folder / file: one for file, one in sha256.items()}
    if found := faults(expected, record):
        for file in found:
            remove(file)
        raise UserError(f"{listed(found)}\n{REMOVED}")
    return folder


def _refuse_full_disk(repository: str, revision: str) -> None:
    """UserError if the cache's disk has no room for what is still to be downloaded."""
    try:
        files = snapshot_download(repository, revision=revision, allow_patterns=WANTED, dry_run=True)
    except DryRunError as error:  # it hides why the hub could not be asked
        raise error.__cause__ or error from None
    needed = sum(file.file_size or 0 for file in files if file.will_download)
    cache = Path(HF_HUB_CACHE).absolute()
    if needed > (free := free_bytes(cache)):
        raise UserError(
            f"{repository}: {needed / 1e9:.1f} GB are still to be downloaded to {cache}; its disk has "
            f"{free / 1e9:.1f} GB free\nMake room, or set HF_HOME to a folder on another disk"
        )


def cached_snapshot(repository: str, revision: str) -> Path | None:
    """The folder of a whole snapshot in Hugging Face's cache; None if files are missing."""
    config = try_to_load_from_cache(repository, "config.json", revision=revision)
    if not isinstance(config, str):
        return None
    folder = Path(config).parent
    index = folder / "model.safetensors.index.json"
    shards = {*read_json(index)["weight_map"].values()} if index.exists() else {"model.safetensors"}
    whole = all((folder / shard).exists() for shard in shards) and any(folder.glob("tokenizer*"))
    return folder if whole else None


def named_by_the_hub(folder: Path) -> dict[Path, str]:
    """Expected hashes of a snapshot: its files are links to blobs that bear their hash as a name."""
    names = {path: path.resolve().name for path in sorted(folder.rglob("*")) if path.is_symlink()}
    return {path: name for path, name in names.items() if HASH.fullmatch(name)}
