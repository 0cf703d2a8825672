"""dvc.yaml says what the code does: deps, params and paths of every stage, both ways."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
import yaml

from stages.common.llm.bases import BASES, _entries
from stages.common.params import load_params, read_yaml
from stages.common.schema import load_schema
from stages.evaluate.params import EvaluateParams
from stages.generate.params import GenerateParams
from stages.prepare.params import PrepareParams
from stages.report.params import IntervalParams
from stages.score.params import ScoreParams
from stages.train.params import ConditionParams, TrainParams
from tests.imports import ROOT, as_deps, closure

STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text("utf-8"))["stages"]
PARAMS = yaml.safe_load((ROOT / "params.yaml").read_text("utf-8"))
ENTRIES = dict(_entries(read_yaml(ROOT / BASES)))
SOURCES = sorted(path.relative_to(ROOT) for path in (ROOT / "stages").rglob("*.py"))
EVERY_STAGE = pytest.mark.parametrize("stage", STAGES)
READS = {
    "load_base_name": {"params.yaml:base"},
    "load_base_entry": {"params.yaml:base", "models/bases.yaml:${base}"},
    "load_training_prompts": {"data/prompts.yaml:training"},
    "load_asked_prompts": {"data/prompts.yaml:asked"},
}
"""What the functions that know their own section read."""


def package(stage):
    return re.findall(r"-m (stages\.\w+)", STAGES[stage]["cmd"])[0]


def condition(stage):
    """The condition that the command names; * where it names none."""
    named = re.search(r"--condition (\w+)", STAGES[stage]["cmd"])
    return named[1] if named else "*"


def outputs(stage):
    entries = [entry for kind in ("outs", "metrics", "plots") for entry in STAGES[stage].get(kind, [])]
    return {entry if isinstance(entry, str) else next(iter(entry)) for entry in entries}


def data_deps(stage):
    return {dep for dep in STAGES[stage]["deps"] if not dep.startswith("stages/")}


def listed_params(stage):
    """As `file:key`."""
    found = set()
    for entry in STAGES[stage].get("params", []):
        keys = {"params.yaml": [entry]} if isinstance(entry, str) else entry
        found |= {f"{file}:{key}" for file, among in keys.items() for key in among}
    return found


def listed_sections(stage):
    """The same; where the stage reads single keys of a section, the section."""
    partial = "|".join(IntervalParams.model_fields) if stage == "report" else "(?!)"
    return {re.sub(rf"^(params\.yaml:\w+)\.({partial})$", r"\1", param) for param in listed_params(stage)}


def calls(stage) -> Iterator[tuple[str, ast.Call]]:
    """Every call, by name, in the files of a stage's import closure."""
    for file in sorted(closure(package(stage))):
        for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield node.func.id, node


def text_of(node, stage):
    """A string constant; an f-string with the stage's condition in its slots."""
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else condition(stage) for part in node.values]
        return "".join(map(str, parts))
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def read_params(stage):
    found = set()
    for name, call in calls(stage):
        found |= READS.get(name, set())
        if name == "load_params":
            section = next(word.value for word in call.keywords if word.arg == "section")
            found.add(f"params.yaml:{text_of(section, stage)}")
    return found


def named_paths(stage):
    """The arguments of every `Path("…")` that lie in the project's data."""
    texts = {text_of(call.args[0], stage) for name, call in calls(stage) if name == "Path" and call.args}
    return {text for text in texts if text and re.match(r"(data|models|metrics|reports)(/|$)", text)}


def fits(named, listed):
    """Whether one of two paths is the other or lies in it; * stands for either condition."""
    first, second = named.split("/"), listed.split("/")
    pairs = zip(first, second, strict=False)
    return all(re.fullmatch(re.escape(a).replace(r"\*", "(original|augmented)"), b) for a, b in pairs)


@EVERY_STAGE
def test_code_deps_are_the_import_closure(stage):
    listed = {dep for dep in STAGES[stage]["deps"] if dep.startswith("stages/")}
    assert listed == as_deps(closure(package(stage)), package(stage))


@EVERY_STAGE
def test_params_are_those_that_the_code_reads(stage):
    assert listed_sections(stage) == read_params(stage)


def test_the_report_lists_each_key_that_it_reads_of_a_section():
    partial = listed_params("report") - listed_sections("report")
    sections = listed_sections("report") - listed_params("report")
    assert partial == {f"{section}.{key}" for section in sections for key in IntervalParams.model_fields}


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
            assert within or (ROOT / dep).is_file(), f"{stage}: {dep}"


def test_each_training_reads_its_own_condition_only():
    for stage, other in (("train_original", "augmented"), ("train_augmented", "original")):
        assert other not in yaml.safe_dump(STAGES[stage])


def test_the_two_trainings_differ_in_the_condition_alone():
    swapped = yaml.safe_dump(STAGES["train_original"]).replace("original", "augmented")
    assert yaml.safe_load(swapped) == STAGES["train_augmented"]


@EVERY_STAGE
def test_no_stage_imports_another_stage(stage):
    own = package(stage).replace(".", "/")
    foreign = {file for file in closure(package(stage)) if not file.startswith(("stages/common/", f"{own}/"))}
    assert foreign <= {"stages/__init__.py"}


@pytest.mark.parametrize("name", ["prepare", "evaluate", "report"])
def test_stage_imports_neither_torch_nor_transformers(name):
    code = f"import sys, stages.{name}.__main__; print(*{{'torch', 'transformers'}} & {{*sys.modules}})"
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


@pytest.mark.parametrize(
    ("model", "section"),
    [
        (PrepareParams, "prepare"),
        (TrainParams, "train.common"),
        (ConditionParams, "train.original"),
        (ConditionParams, "train.augmented"),
        (ScoreParams, "score"),
        (GenerateParams, "generate"),
        (EvaluateParams, "evaluate"),
    ],
)
def test_every_section_loads(model, section):
    load_params(model, section=section, path=ROOT / "params.yaml")


def test_every_section_of_params_yaml_is_some_stages():
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
