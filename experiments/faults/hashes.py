"""Outputs by the hashes in dvc.lock, and how to forget one."""

from pathlib import Path

from experiments.faults.scratch import Project
from stages.common.files import read_json
from stages.common.params import read_yaml
from thesis.verify.hashing import FOLDER


def recorded(project: Path) -> dict[str, str]:
    """md5 by path of every file that dvc.lock records as an output and DVC keeps in its cache."""
    found: dict[str, str] = {}
    for stage in read_yaml(project / "dvc.lock")["stages"].values():
        for out in stage["outs"]:
            md5 = out["md5"]
            held = project / ".dvc/cache/files/md5" / md5[:2] / md5[2:]
            if not held.exists():
                continue  # in git
            if md5.endswith(FOLDER):
                found |= {f"{out['path']}/{one['relpath']}": one["md5"] for one in read_json(held)}
            else:
                found[out["path"]] = md5
    return found


def forget(project: Project, file: str, md5: str) -> None:
    """Remove a file, its object in the cache, and DVC's memory of runs: it has to come from elsewhere."""
    project.forget_runs()
    for place in (project.folder / file, project.folder / ".dvc/cache/files/md5" / md5[:2] / md5[2:]):
        place.unlink(missing_ok=True)


def forget_stage(project: Project, stage: str) -> int:
    """Remove what a stage wrote, from the cache too, or DVC would restore it; the bytes of all that."""
    n_bytes = 0
    cached = recorded(project.folder)
    for file in project.outputs(stage):
        n_bytes += file.stat().st_size
        if (name := file.relative_to(project.folder).as_posix()) in cached:
            forget(project, name, cached[name])
        else:
            file.unlink()
    project.forget_runs()
    return n_bytes
