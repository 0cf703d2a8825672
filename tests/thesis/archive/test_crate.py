"""The RO-Crate: every stage is an action with inputs, outputs and versions. tests/slow validates it."""

import json

import pytest

from tests.thesis.archive.small import ADAPTERS, md5
from thesis.archive.crate.runs import read_runs
from thesis.archive.crate.things import Things
from thesis.archive.pipeline import object_path
from thesis.archive.snapshot import snapshot


@pytest.fixture
def graph(unpacked):
    found = json.loads((unpacked / "ro-crate-metadata.json").read_text("utf-8"))["@graph"]
    assert len({entity["@id"] for entity in found}) == len(found)
    return {entity["@id"]: entity for entity in found}


def ids(value):
    """The ids that a property refers to."""
    values = value if isinstance(value, list) else [value]
    return [one["@id"] for one in values if isinstance(one, dict)]


def test_every_stage_is_an_action_with_inputs_and_outputs(graph):
    weights = object_path(md5(b"weights"))
    train = graph["#run/train"]
    assert ids(train["object"]) == [
        "project/data/raw/original.json",
        "project/stages/train/",
        "#param/params.yaml/train.steps",
        "#param/params.yaml/train.lora.rank",
    ]
    assert ids(train["result"]) == ["#models/adapters/original", "project/metrics/train_original.json"]
    assert weights in ids(graph["#models/adapters/original"]["hasPart"])
    assert ids(graph["#run/score"]["object"]) == [weights]
    assert graph["#param/params.yaml/train.lora.rank"]["value"] == "16"
    assert ids(graph["#run/collect"]["object"]) == ["project/data/external/"]


def test_a_stage_names_the_versions_it_ran_on_and_what_it_took(graph):
    [tool] = ids(graph["#run/train"]["instrument"])
    packages = [graph[id_] for id_ in ids(graph[tool]["softwareRequirements"])]
    assert {(one["name"], one["softwareVersion"]) for one in packages} == {
        ("python", "3.11.7"),
        ("torch", "2.13.0+cpu"),
        ("dvc", "3.67.1"),
    }
    usage = [graph[id_] for id_ in ids(graph["#run/train"]["resourceUsage"])]
    assert {(one["name"], one["value"]) for one in usage} == {
        ("seconds", "2.5"),
        ("peak_memory_bytes", "1000"),
    }
    assert "softwareRequirements" not in graph["#tool/score"]  # no run of it was recorded


def test_a_record_of_another_run_counts_as_none(small, verified):
    record = small.root / "metrics/runs/train.json"
    other = json.loads(record.read_text("utf-8"))
    other["outputs"][ADAPTERS] = "0" * 64
    small.commit()
    assert [*read_runs(snapshot())] == ["train"]
    small.write("metrics/runs/train.json", json.dumps(other))
    small.commit("Another")
    assert read_runs(snapshot()) == {}


def test_steps_come_after_those_they_need(graph):
    position = {id_: int(one["position"]) for id_, one in graph.items() if one["@type"] == "HowToStep"}
    assert position["#step/train"] < position["#step/score"]
    assert len(position) == 3


def test_every_file_of_the_crate_is_in_the_zip_and_every_reference_leads_somewhere(graph, unpacked):
    for id_, entity in graph.items():
        if entity["@type"] == "File":
            assert (unpacked / id_).stat().st_size == int(entity["contentSize"])
        if entity["@type"] == "Dataset":
            assert (unpacked / id_).is_dir()
        for key, value in entity.items():
            lost = [one for one in ids(value) if one not in graph and not one.startswith(("http", "./"))]
            assert key in ("@id", "@type") or lost == []


def test_two_outputs_with_the_same_bytes_are_one_file_with_two_names(small, verified, tmp_path):
    # "it's here.jsonl" is empty; a second empty output
    lock = (small.root / "dvc.lock").read_text("utf-8")
    line = "    - path: it's here.jsonl\n"
    twin = f"    - path: other.jsonl\n      hash: md5\n      md5: {md5(b'')}\n"
    assert line in lock
    small.write("dvc.lock", lock.replace(line, twin + line))
    small.commit()
    things = Things(taken := snapshot())
    [id_] = {things.id_of(out) for out in taken.outs if out.md5 == md5(b"")}
    assert things.entities[id_]["alternateName"] == ["other.jsonl", "it's here.jsonl"]
