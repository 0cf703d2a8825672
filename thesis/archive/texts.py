"""The texts that a person reads first: README, model cards, citation."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined

from stages.common.fields import leaves
from stages.shell.errors import UserError
from thesis.archive.git import Kept, yaml_in
from thesis.archive.licence import NOTICE
from thesis.archive.pipeline import Artifact, Store, object_path
from thesis.archive.snapshot import Snapshot

CITATION, DATASHEET = "CITATION.cff", "data/raw/DATASHEET.md"
HUB = {"Apache-2.0": "apache-2.0", "MIT": "mit", "Llama 2 Community License": "llama2"}
"""Names of licenses in the header of a model card on the Hugging Face hub."""


def texts(snapshot: Snapshot) -> dict[str, Kept]:
    """README, citation, datasheet and a card for each adapter.

    Raises:
        UserError: the commit has no citation or no datasheet.
    """
    if absent := [name for name in (CITATION, DATASHEET) if name not in snapshot.files]:
        raise UserError(f"{', '.join(absent)}: not in the commit\nAn archive needs it: write and commit it")
    adapters = [out for out in snapshot.outs if is_adapter(out, snapshot.store)]
    cards = {f"model-cards/{_name(out)}.md": card(out, snapshot) for out in adapters}
    citation = cited(snapshot)
    written = {
        "README.md": readme(snapshot, citation, [*cards]),
        CITATION: yaml.safe_dump(citation, sort_keys=False, allow_unicode=True, width=110),
        **cards,
    }
    return {
        **{name: Kept(text.encode()) for name, text in written.items()},
        "DATASHEET.md": snapshot.files[DATASHEET],
    }


def cited(snapshot: Snapshot) -> dict[str, Any]:
    """The citation, with the commit and its date."""
    found: dict[str, Any] = yaml_in(snapshot.files, CITATION)
    commit = snapshot.commit
    return {**found, "commit": commit.id, "date-released": commit.moment.date().isoformat()}


def readme(snapshot: Snapshot, citation: Mapping[str, Any], cards: Sequence[str]) -> str:
    """The README of the archive, for a reader who knows nothing of it."""
    outs = sorted((out.path, out) for out in snapshot.outs if out.md5 in snapshot.store.objects)
    return _rendered(
        "readme.md.jinja",
        commit=snapshot.commit,
        citation=citation,
        objects=[(path, object_path(out.md5), out.is_folder) for path, out in outs],
        base=snapshot.base,
        cards=cards,
        stages=snapshot.stages,
        with_history=snapshot.with_history,
    )


def is_adapter(artifact: Artifact, store: Store) -> bool:
    """Whether a folder is an adapter as the pipeline writes it."""
    names = {file.path.rpartition("/")[2] for file in store.files(artifact)}
    return {"manifest.json", "adapter_config.json"} <= names


def card(artifact: Artifact, snapshot: Snapshot) -> str:
    """A model card, from the adapter's manifest and the metrics of its training."""
    store, base = snapshot.store, snapshot.base
    objects = {file.path.rpartition("/")[2]: file.md5 for file in store.files(artifact)}
    manifest = json.loads(store.objects[objects["manifest.json"]].content)
    condition = manifest["condition"]
    scores = _metrics(snapshot.files, "score").get("test", {}).get(condition, {})
    arms = (f"{base.name}/none", f"{base.name}+lora/{condition}")
    return _rendered(
        "card.md.jinja",
        name=_name(artifact),
        path=artifact.path,
        manifest=manifest,
        condition=condition,
        base=base,
        hub_licence=HUB.get(base.licence, "other"),
        objects={name: object_path(md5) for name, md5 in objects.items()},
        training=_metrics(snapshot.files, f"train_{condition}"),
        losses={arm: scores[arm] for arm in arms if arm in scores},
        parameters=dict(leaves(manifest["parameters"])),
        notice=NOTICE,
    )


def _name(artifact: Artifact) -> str:
    return artifact.path.rpartition("/")[2]


def _metrics(files: Mapping[str, Kept], name: str) -> dict[str, Any]:
    file = files.get(f"metrics/{name}.json")
    return json.loads(file.content) if file else {}


@cache
def _environment() -> Environment:
    loader = PackageLoader("thesis.archive", "templates")
    return Environment(  # Markdown, no HTML: nothing is to be escaped
        loader=loader,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )


def _rendered(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)
