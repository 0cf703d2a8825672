"""dvc.yaml says what the code does: deps, params and paths of every stage, both ways."""

import ast
import re
import subprocess
import sys

import pytest
import yaml

from stages.common.llm.bases import BASES, _entries
from stages.common.made_with import SamplingFacts
from stages.common.params import load_params, read_yaml
from stages.common.schema import load_schema
from stages.report.params import IntervalParams, SourcesParams, ThresholdParams
from tests.imports import ROOT, SHELL, as_deps, closure, taken_from
from tests.listed import (
    STAGES,
    data_deps,
    fits,
    listed_params,
    listed_sections,
    named_paths,
    outputs,
    package,
    read_params,
)
from thesis.doctor.inputs import SECTIONS

PARAMS = yaml.safe_load((ROOT / "params.yaml").read_text("utf-8"))
ENTRIES = dict(_entries(read_yaml(ROOT / BASES)))
SOURCES = sorted(path.relative_to(ROOT) for path in (ROOT / "stages").rglob("*.py"))
EVERY_STAGE = pytest.mark.parametrize("stage", STAGES)


@EVERY_STAGE
def test_code_deps_are_the_import_closure(stage):
    listed = {dep for dep in STAGES[stage]["deps"] if dep.startswith("stages/")}
    assert listed == as_deps(closure(package(stage)), package(stage))


def test_what_the_stages_take_from_the_shell_changes_no_result():
    """Refusals, messages, progress, estimates and run records: nothing that a stage writes to its outputs.

    `continued` names the folder where a killed stage continues. It may count an edit that changes nothing,
    but must not overlook one that changes a result: tests/shell/test_work.py, tests/shell/test_syntax.py.
    """
    taken = {
        (module, name)
        for file in SOURCES
        if file.parts[1] != "shell"
        for module, name in taken_from(ROOT / file, SHELL)
    }
    assert taken == {
        ("checked", "check_draws"),
        ("checked", "check_losses"),
        ("disk", "free_bytes"),
        ("errors", "UserError"),
        ("errors", "mistakes"),
        ("errors", "run"),
        ("estimate", "Estimate"),
        ("estimate", "estimate"),
        ("launched", "start"),
        ("memory", "PeakMemory"),
        ("misfit", "misfit"),
        ("misfit", "missing_section"),
        ("progress", "Progress"),
        ("rank", "is_first"),
        ("rank", "local_rank"),
        ("rank", "n_ranks"),
        ("rank", "rank"),
        ("remedies", "ON_THE_CPU"),
        ("remedies", "OTHER_BASE"),
        ("remedies", "REMOVED"),
        ("remedies", "REWORD"),
        ("room", "roomy"),
        ("runs", "WORK"),
        ("runs", "recorded"),
        ("special", "CONFLICT"),
        ("special", "check_regular"),
        ("special", "check_unconflicted"),
        ("used", "Used"),
        ("work", "continued"),
    }


@EVERY_STAGE
def test_what_a_stage_reads_is_read_while_it_is_watched(stage):
    """A file read before `recorded` begins could change unseen."""
    file = ROOT / package(stage).replace(".", "/") / "__main__.py"
    (main,) = [
        node
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name == "main"
    ]
    (watched,) = [node for node in main.body if isinstance(node, ast.With)]
    assert "recorded" in ast.unparse(watched.items[0])
    before = "\n".join(map(ast.unparse, main.body[: main.body.index(watched)]))
    assert not re.findall(r"\b(load|read)_?\w*\(", before)


def test_no_file_of_the_shell_is_a_dep():
    assert not [dep for stage in STAGES.values() for dep in stage["deps"] if "shell" in dep]


@EVERY_STAGE
def test_params_are_those_that_the_code_reads(stage):
    assert listed_sections(stage) == read_params(stage)


def test_the_report_lists_each_key_that_it_reads_of_a_section():
    partial = listed_params("report") - listed_sections("report")
    sections = listed_sections("report") - listed_params("report")
    keys = {
        "params.yaml:collect": SourcesParams,
        "params.yaml:evaluate": ThresholdParams,
        "params.yaml:generate": SamplingFacts,
        "params.yaml:score": IntervalParams,
    }
    assert partial == {f"{section}.{key}" for section in sections for key in keys[section].model_fields}


@EVERY_STAGE
def test_every_path_in_the_code_is_a_dep_or_an_output(stage):
    listed = data_deps(stage) | outputs(stage) | {param.split(":")[0] for param in listed_params(stage)}
    recorded = {"metrics/runs"}  # of `make record`, by hand
    assert {named for named in named_paths(stage) if not any(fits(named, one) for one in listed)} <= recorded


@EVERY_STAGE
def test_every_dep_and_output_is_named_in_the_code(stage):
    named = named_paths(stage)
    assert {one for one in data_deps(stage) | outputs(stage) if not any(fits(n, one) for n in named)} == set()


def test_every_input_is_committed_or_made_by_one_stage():
    made = [path for stage in STAGES for path in outputs(stage)]
    assert len(made) == len(set(made))
    for stage in STAGES:
        for dep in data_deps(stage):
            within = any(dep == path or dep.startswith(f"{path}/") for path in made)
            assert within or (ROOT / dep).exists(), f"{stage}: {dep}"


def test_each_training_reads_its_own_condition_only():
    for stage, other in (("train_original", "augmented"), ("train_augmented", "original")):
        assert other not in yaml.safe_dump(STAGES[stage])


def test_the_two_trainings_differ_only_in_the_condition():
    swapped = yaml.safe_dump(STAGES["train_original"]).replace("original", "augmented")
    assert yaml.safe_load(swapped) == STAGES["train_augmented"]


@EVERY_STAGE
def test_no_stage_imports_another_stage(stage):
    own = package(stage).replace(".", "/")
    foreign = {file for file in closure(package(stage)) if not file.startswith(("stages/common/", f"{own}/"))}
    assert foreign <= {"stages/__init__.py"}


@pytest.mark.parametrize("name", ["prepare", "collect", "evaluate", "report"])
def test_stage_starts_without_libraries_that_are_slow_to_load(name):
    heavy = {"torch", "transformers", "matplotlib", "pandas", "scipy.stats"}
    code = f"import sys, stages.{name}.__main__; print(*{heavy} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


@pytest.mark.parametrize("file", SOURCES, ids=str)
def test_no_field_is_named_in_the_code(file):
    fields = {field.path for field in load_schema(ROOT / "data/schema/profile.schema.json").all_fields}
    identifier = load_schema(ROOT / "data/schema/profile.schema.json").identifier
    constants = {
        node.value
        for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    # the identifier's name is also a word of the house: the column of our own records
    assert constants & (fields - {identifier}) == set()


def test_no_field_is_named_in_dvc_yaml():
    fields = {field.path for field in load_schema(ROOT / "data/schema/profile.schema.json").all_fields}
    words = re.findall(r"\w+", re.sub("#.*", "", (ROOT / "dvc.yaml").read_text("utf-8")))
    assert fields & {*words} == set()


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_loads(section):
    load_params(SECTIONS[section], section=section, path=ROOT / "params.yaml")


def test_every_section_of_params_yaml_belongs_to_a_stage():
    listed = {param.removeprefix("params.yaml:") for stage in STAGES for param in listed_sections(stage)}
    sections = {f"train.{key}" for key in PARAMS["train"]} | {key for key in PARAMS if key != "train"}
    assert sections == {param for param in listed if ":" not in param}


@pytest.mark.parametrize("name", ENTRIES)
def test_dvc_tracks_the_entry_of_every_base(name):
    """DVC takes a dot in a key for a level of nesting, and *, ? and [ for patterns."""
    from dvc.dependency.param import read_param_file
    from dvc.fs import localfs

    tracked = read_param_file(localfs, str(ROOT / BASES), [name], flatten=True)
    assert tracked == {name: ENTRIES[name]}
