"""What dvc.yaml lists for a stage, and what the stage's code reads: two sides that must agree."""

import ast
import re
from collections.abc import Iterator

import yaml

from stages.common.llm.bases import LABELS, Base
from stages.common.made_with import SamplingFacts
from stages.report.params import SourcesParams, ThresholdParams
from tests.imports import ROOT, closure

STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text("utf-8"))["stages"]
READS = {
    "load_base_name": {"params.yaml:base"},
    "load_base_facts": {"params.yaml:base", "models/bases.yaml:${base}"},
    "load_base_entry": {"params.yaml:base"}
    | {f"models/bases.yaml:${{base}}.{key}" for key in set(Base.model_fields) - LABELS},
    "load_training_prompts": {"data/prompts.yaml:training"},
    "load_asked_prompts": {"data/prompts.yaml:asked"},
}
"""What the functions that know their own section read."""


def package(stage):
    return re.findall(r"-m (stages\.\w+)", STAGES[stage]["cmd"])[0]


def condition(stage):
    """The condition that the command names; * if it names none."""
    named = re.search(r"--condition (\w+)", STAGES[stage]["cmd"])
    return named[1] if named else "*"


def outputs(stage):
    entries = [entry for kind in ("outs", "metrics", "plots") for entry in STAGES[stage].get(kind, [])]
    return {entry if isinstance(entry, str) else next(iter(entry)) for entry in entries}


def data_deps(stage):
    return {dep for dep in STAGES[stage]["deps"] if not dep.startswith("stages/")}


def listed_params(stage):
    """Params of a stage in dvc.yaml, as `file:key`."""
    found = set()
    for entry in STAGES[stage].get("params", []):
        keys = {"params.yaml": [entry]} if isinstance(entry, str) else entry
        found |= {f"{file}:{key}" for file, among in keys.items() for key in among}
    return found


def listed_sections(stage):
    """Params of a stage; if it reads single keys of a section, the section."""
    keys = [*ThresholdParams.model_fields, *SourcesParams.model_fields, *SamplingFacts.model_fields]
    partial = "|".join(keys) if stage == "report" else "(?!)"
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
    return {text for text in texts if text and re.match(r"(data|docs|models|metrics|reports)(/|$)", text)}


def fits(named, listed):
    """Whether one of two paths is the other or lies in it; * stands for either condition."""
    first, second = named.split("/"), listed.split("/")
    pairs = zip(first, second, strict=False)
    return all(re.fullmatch(re.escape(a).replace(r"\*", "(original|augmented)"), b) for a, b in pairs)
