"""The pipeline and its run: a workflow, its steps, and an action for each stage."""

import json
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from stages.common.fields import leaves
from thesis.archive.crate.runs import UNITS, Run, address
from thesis.archive.crate.things import Entity, Things, ref
from thesis.archive.pipeline import Stage, is_within
from thesis.archive.snapshot import Snapshot

WORKFLOW, LANGUAGE, RUN, ENGINE_RUN, AUTHORS = "project/dvc.yaml", "#dvc.yaml", "#run", "#engine", "#authors"
DVC = "https://dvc.org"


def refs(ids: Sequence[str]) -> list[Entity]:
    """References to entities, each once."""
    return [ref(id_) for id_ in dict.fromkeys(ids)]


def workflow(snapshot: Snapshot, things: Things) -> Iterator[Entity]:
    """dvc.yaml as a workflow, its language, and a step for each stage."""
    names = [stage.name for stage in snapshot.stages]
    described: Entity = {
        "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"],
        "description": "The pipeline: what each stage runs, reads and writes.",
        "version": snapshot.commit.id,
        "url": ref(DVC),
        "programmingLanguage": ref(LANGUAGE),
        "hasPart": [ref(tool_of(name)) for name in names],
        "step": [ref(f"#step/{name}") for name in names],
    }
    things.file(WORKFLOW, snapshot.files["dvc.yaml"], **described)
    yield {
        "@id": LANGUAGE,
        "@type": "ComputerLanguage",
        "name": "dvc.yaml",
        "alternateName": "DVC pipeline",
        "identifier": ref(f"{DVC}/doc/user-guide/project-structure/dvcyaml-files"),
        "url": ref(DVC),
    }
    for position, name in enumerate(names, start=1):
        step = {"@id": f"#step/{name}", "@type": "HowToStep", "name": name, "position": str(position)}
        yield {**step, "workExample": ref(tool_of(name))}


def tool(stage: Stage, run: Run | None, snapshot: Snapshot) -> Entity:
    """The program of a stage, with the versions of what it ran on."""
    versions = run.versions.items() if run else ()
    return {
        "@id": tool_of(stage.name),
        "@type": "SoftwareApplication",
        "name": stage.command,
        "description": stage.title,
        "version": snapshot.commit.id,
        "url": ref(WORKFLOW),
        "softwareRequirements": [ref(address(*pair)) for pair in versions],
    }


def stage_run(stage: Stage, run: Run | None, things: Things) -> Iterator[Entity]:
    """The action of a stage: what it read, with its params; what it wrote; what it took."""
    params, usage = [*_params(stage)], [*_usage(stage, run)]
    yield {
        "@id": run_of(stage.name),
        "@type": "CreateAction",
        "name": f"Run of {stage.name}",
        "description": f"{stage.title}{f' (on {run.system})' if run else ''}",
        "instrument": ref(tool_of(stage.name)),
        "agent": ref(AUTHORS),
        "object": refs([*map(things.id_of, stage.deps), *(one["@id"] for one in params)]),
        "result": refs([*map(things.id_of, stage.outs)]),
        "resourceUsage": [ref(one["@id"]) for one in usage],
    }
    yield {
        "@id": f"#control/{stage.name}",
        "@type": "ControlAction",
        "name": f"DVC runs {stage.name}",
        "instrument": ref(f"#step/{stage.name}"),
        "object": ref(run_of(stage.name)),
    }
    yield from params
    yield from usage


def whole_run(snapshot: Snapshot, things: Things, dvc: str) -> Iterator[Entity]:
    """The action of the whole pipeline, and DVC's own, which started the stages.

    Args:
        dvc: the entity of the version of DVC that ran.
    """
    outs = snapshot.outs
    inputs = [
        dep
        for stage in snapshot.stages
        for dep in stage.deps
        if not any(is_within(dep.path, o.path) for o in outs)
    ]
    params = [one["@id"] for stage in snapshot.stages for one in _params(stage)]
    yield {
        "@id": RUN,
        "@type": "CreateAction",
        "name": "Run of the pipeline",
        "description": "The run that dvc.lock records.",
        "instrument": ref(WORKFLOW),
        "agent": ref(AUTHORS),
        "object": refs([*map(things.id_of, inputs), *params]),
        "result": refs([*map(things.id_of, outs)]),
    }
    yield {
        "@id": ENGINE_RUN,
        "@type": "OrganizeAction",
        "name": "dvc repro",
        "instrument": ref(dvc),
        "agent": ref(AUTHORS),
        "object": [ref(f"#control/{stage.name}") for stage in snapshot.stages],
        "result": ref(RUN),
    }


def tool_of(name: str) -> str:
    return f"#tool/{name}"


def run_of(name: str) -> str:
    return f"#run/{name}"


def _params(stage: Stage) -> Iterator[Entity]:
    """The params of a stage; two stages that read the same one share it."""
    for file, values in stage.params.items():
        for key, value in leaves(dict(values)):
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            yield {
                "@id": quote(f"#param/{file}/{key}", safe="#/"),
                "@type": "PropertyValue",
                "name": key,
                "value": text,
            }


def _usage(stage: Stage, run: Run | None) -> Iterator[Entity]:
    for name, amount in run.usage.items() if run else ():
        yield {
            "@id": f"#usage/{stage.name}/{name}",
            "@type": "PropertyValue",
            "name": name,
            "propertyID": f"project/stages/shell/runs.py#{name}",
            "unitCode": UNITS[name],
            "value": str(amount),
        }
