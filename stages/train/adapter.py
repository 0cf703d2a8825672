"""The adapter folder, whose bytes depend on the inputs alone."""

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from peft import get_peft_model_state_dict
from safetensors.torch import save_file
from torch import Tensor

from stages.common.files import write_json
from stages.common.llm.bases import Base, HubOrigin

MANIFEST = "manifest.json"


def published_as(name: str, base: Base) -> dict[str, str | None]:
    """Name of the base in peft's config: its place on the hub, else our name; never a local path."""
    hub = base.origin if isinstance(base.origin, HubOrigin) else None
    return {"base_model_name_or_path": hub.hub if hub else name, "revision": hub.revision if hub else None}


def save_adapter(model: Any, base: Mapping[str, Any], manifest: dict[str, Any], folder: Path) -> None:
    """Write weights, config and manifest to a temporary folder, and rename it at the end.

    peft's own `save_pretrained` writes sets in hash order and the base's absolute path.

    Args:
        base: `published_as`, into the config.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.", suffix=".part"))
    try:
        save_file(lora_weights(model), part / "adapter_model.safetensors", metadata={"format": "pt"})
        config = canonical_config(model.peft_config["default"].to_dict(), base)
        write_json(part / "adapter_config.json", config)
        write_json(part / MANIFEST, manifest)
        for file in part.iterdir():
            file.chmod(0o644)
        part.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def lora_weights(model: Any) -> dict[str, Tensor]:
    """The adapter's matrices by sorted name, without any weights of the base.

    By default, peft adds the base's head and embedding if an adapter changes one of them. The
    base's licence may forbid passing these on.
    """
    saved = get_peft_model_state_dict(model, save_embedding_layers=False)
    foreign = [key for key in saved if "lora_" not in key]
    if foreign:
        raise ValueError(f"not part of the adapter, so not to be stored with it: {', '.join(foreign)}")
    return {key: saved[key].detach().cpu().contiguous() for key in sorted(saved)}


def canonical_config(config: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """peft's config with sorted keys and lists, without paths and versions."""
    config = {**config, **base, "inference_mode": True}
    config.pop("peft_version", None)
    plain = {key: sorted(value) if isinstance(value, set) else value for key, value in config.items()}
    if isinstance(plain.get("target_modules"), list):
        plain["target_modules"] = sorted(plain["target_modules"])
    canonical: dict[str, Any] = json.loads(json.dumps(plain, sort_keys=True, default=str))
    return canonical
