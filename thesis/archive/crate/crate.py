"""`ro-crate-metadata.json`: RO-Crate 1.1 after the Provenance Run Crate profile 0.5."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from stages.shell.errors import UserError
from thesis.archive.crate.run import (
    AUTHORS,
    ENGINE_RUN,
    RUN,
    WORKFLOW,
    run_of,
    stage_run,
    tool,
    whole_run,
    workflow,
)
from thesis.archive.crate.runs import Run, address, packages, read_runs
from thesis.archive.crate.things import Entity, Things, ref
from thesis.archive.git import Kept
from thesis.archive.snapshot import Snapshot

METADATA = "ro-crate-metadata.json"
VERSION = "1.1"
CONTEXT = "https://w3id.org/ro/terms/workflow-run/context"
WORKFLOW_CRATE = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/provenance/0.5": ("Provenance Run Crate", "0.5"),
    WORKFLOW_CRATE: ("Workflow RO-Crate", "1.0"),
}
MIT = "https://spdx.org/licenses/MIT"


def crate(snapshot: Snapshot, citation: Mapping[str, Any], beside: Mapping[str, Kept]) -> Kept:
    """The metadata file.

    Args:
        citation: the content of CITATION.cff.
        beside: the other files of the zip, by name, that the crate describes.

    Raises:
        UserError: the extra `archive` is not installed.
    """
    try:
        from rocrate.rocrate import ROCrate
    except ImportError:
        raise UserError('rocrate is not installed\nInstall it: pip install -e ".[archive]"') from None
    made = ROCrate(version=VERSION)
    things, runs = Things(snapshot), read_runs(snapshot)
    entities = [*_run_entities(snapshot, runs, things), *_context(citation, runs)]
    for name, kept in beside.items():
        things.file(name, kept, **({"about": ref("./")} if name == "README.md" else {}))
    for entity in _unique([*things.entities.values(), *entities]):
        made.add_jsonld({key: _plain(value) for key, value in entity.items() if value != []})
    _describe(made, snapshot, citation, things)
    text = json.dumps(made.metadata.generate(), indent=1, ensure_ascii=False, sort_keys=True)
    return Kept(f"{text}\n".encode())


def _run_entities(snapshot: Snapshot, runs: Mapping[str, Run], things: Things) -> list[Entity]:
    dvc = dict(packages(runs)).get("dvc")
    engine = address("dvc", dvc) if dvc else "https://pypi.org/project/dvc/"
    found = [
        *workflow(snapshot, things),
        {"@id": engine, "@type": "SoftwareApplication", "name": "DVC", **_version(dvc)},
    ]
    for stage in snapshot.stages:
        run = runs.get(stage.name)
        found += [tool(stage, run, snapshot), *stage_run(stage, run, things)]
    return [*found, *whole_run(snapshot, things, engine)]


def _version(version: str | None) -> Entity:
    return {"softwareVersion": version, "url": ref("https://dvc.org")} if version else {}


def _context(citation: Mapping[str, Any], runs: Mapping[str, Run]) -> Iterable[Entity]:
    """Those who made it, its license, its profiles and the packages it ran on."""
    names = [_name_of(author) for author in citation["authors"]]
    yield {"@id": AUTHORS, "@type": "Organization", "name": ", ".join(names)}
    yield {"@id": MIT, "@type": "CreativeWork", "name": "MIT License", "identifier": "MIT", "url": ref(MIT)}
    for id_, (name, version) in PROFILES.items():
        yield {"@id": id_, "@type": "CreativeWork", "name": name, "version": version}
    for package, version in packages(runs):
        id_ = address(package, version)
        yield {
            "@id": id_,
            "@type": "SoftwareApplication",
            "name": package,
            "softwareVersion": version,
            "url": ref(id_),
        }


def _name_of(author: Mapping[str, str]) -> str:
    """
    >>> _name_of({"given-names": "Ada", "family-names": "Lovelace"}), _name_of({"name": "A group"})
    ('Ada Lovelace', 'A group')
    """
    return author.get("name") or f"{author.get('given-names', '')} {author['family-names']}".strip()


def _describe(made: Any, snapshot: Snapshot, citation: Mapping[str, Any], things: Things) -> None:
    """Describe the crate as a whole."""
    actions = [RUN, ENGINE_RUN, *(run_of(stage.name) for stage in snapshot.stages)]
    controls = [f"#control/{stage.name}" for stage in snapshot.stages]
    made.metadata.extra_contexts.append(CONTEXT)
    made.metadata["conformsTo"] = [ref(f"https://w3id.org/ro/crate/{VERSION}"), ref(WORKFLOW_CRATE)]
    root = made.root_dataset
    for key, value in {
        "name": citation["title"],
        "description": citation["abstract"].strip(),
        "datePublished": snapshot.commit.moment.isoformat(),
        "version": snapshot.commit.id,
        "license": ref(MIT),
        "author": ref(AUTHORS),
        "publisher": ref(AUTHORS),
        "keywords": ", ".join(citation.get("keywords", [])),
        "conformsTo": [ref(id_) for id_ in PROFILES],
        "mainEntity": ref(WORKFLOW),
        "hasPart": [ref(id_) for id_ in things.data],
        "mentions": [ref(id_) for id_ in [*actions, *controls, *things.collections]],
    }.items():
        root[key] = value


def _plain(value: Any) -> Any:
    """A value as RO-Crate wants it: a list of one is that one."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _unique(entities: Iterable[Entity]) -> Iterable[Entity]:
    """Entities, each id once."""
    return {entity["@id"]: entity for entity in entities}.values()
