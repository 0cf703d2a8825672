"""The adapter folder: the same inputs leave the same bytes."""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from peft import get_peft_model_state_dict
from safetensors.torch import save_file

from stages.common.files import write_json

MANIFEST = "manifest.json"


def save_adapter(model: Any, base_name: str, manifest: dict[str, Any], folder: Path) -> None:
    """Weights, config and manifest, written beside and renamed as a whole.

    peft's own `save_pretrained` writes sets in hash order and the base's absolute path.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        weights = {key: t.detach().cpu().contiguous() for key, t in get_peft_model_state_dict(model).items()}
        save_file(
            dict(sorted(weights.items())), part / "adapter_model.safetensors", metadata={"format": "pt"}
        )
        write_json(
            part / "adapter_config.json", canonical_config(model.peft_config["default"].to_dict(), base_name)
        )
        write_json(part / MANIFEST, manifest)
        for file in part.iterdir():
            file.chmod(0o644)
        part.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def canonical_config(config: dict[str, Any], base_name: str) -> dict[str, Any]:
    """Sorted keys and lists, no paths, no versions."""
    config = config | {"base_model_name_or_path": base_name, "inference_mode": True}
    config.pop("peft_version", None)
    plain = {key: sorted(value) if isinstance(value, set) else value for key, value in config.items()}
    if isinstance(plain.get("target_modules"), list):
        plain["target_modules"] = sorted(plain["target_modules"])
    canonical: dict[str, Any] = json.loads(json.dumps(plain, sort_keys=True, default=str))
    return canonical
