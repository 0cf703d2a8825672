"""What a killed stage leaves beside its outputs: files and folders that it had only begun to write."""

import glob
import shutil
from collections.abc import Iterator
from pathlib import Path

from stages.common.params import read_yaml
from stages.shell.used import PIPELINE


def remove_parts(stage: str) -> None:
    """Remove the parts of a stage's outputs, which nothing else would remove.

    No other process may run the stage.
    """
    for output in _outputs(stage):
        for part in output.parent.glob(f".{glob.escape(output.name)}.*.part"):
            if part.is_dir():
                shutil.rmtree(part)
            else:
                part.unlink()


def _outputs(stage: str) -> Iterator[Path]:
    """The outputs of a stage by dvc.yaml; none if there is no such file or stage."""
    content = (read_yaml(PIPELINE) if PIPELINE.exists() else None) or {}
    for entry in content.get("stages", {}).get(stage, {}).get("outs", []):
        yield Path(entry if isinstance(entry, str) else next(iter(entry)))
