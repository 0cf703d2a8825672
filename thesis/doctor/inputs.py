"""Params, schema, prompts, contrasts and data: all mistakes, not only the first."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from stages.collect.params import CollectParams
from stages.common.params import PARAMS, Params, load_params, read_yaml
from stages.common.prompts import AskedPrompt
from stages.common.records import Condition, Profile
from stages.evaluate.declared import check, filled
from stages.evaluate.params import EvaluateParams
from stages.evaluate.references import matches
from stages.generate.params import GenerateParams
from stages.prepare.params import PrepareParams
from stages.prepare.prepared import Prepared
from stages.score.params import ScoreParams
from stages.shell.errors import UserError
from stages.train.params import ConditionParams, TrainParams
from thesis.doctor.findings import Finding, mistake, ok, warning
from thesis.doctor.project import Project

SECTIONS: dict[str, type[Params]] = {
    "prepare": PrepareParams,
    "collect": CollectParams,
    "train.common": TrainParams,
    "train.original": ConditionParams,
    "train.augmented": ConditionParams,
    "score": ScoreParams,
    "generate": GenerateParams,
    "evaluate": EvaluateParams,
}


def check_params(project: Project) -> list[Finding]:
    """Every section of params.yaml, and keys that no stage reads."""
    try:
        content = read_yaml(PARAMS)
    except UserError as error:
        return [mistake(str(error))]
    wrong = _wrong(
        *(lambda s=section, m=model: load_params(m, section=s) for section, model in SECTIONS.items())
    )
    known = {section.split(".")[0] for section in SECTIONS} | {"base"}
    unknown = sorted(str(key) for key in content if key not in known) if isinstance(content, dict) else []
    if unknown:
        wrong.append(warning(f"{PARAMS}: no stage reads {', '.join(unknown)}", "Remove it, or fix its name"))
    return wrong or [ok(f"{PARAMS}: all {len(SECTIONS)} sections fit")]


def check_texts(project: Project) -> list[Finding]:
    """Schema and prompts; prompts cannot be checked without a schema."""
    wrong = _wrong(lambda: project.schema)
    wrong = wrong or _wrong(lambda: project.training_prompts, lambda: project.asked)
    if wrong:
        return wrong
    prompts = f"{len(project.training_prompts)} trained, {len(project.asked)} asked"
    return [ok(f"schema ({len(project.schema.fields)} fields) and prompts ({prompts}) fit")]


def check_given(project: Project) -> list[Finding]:
    """Asked prompts that fix values which too few people in training have."""
    needed, values = project.evaluate.min_reference, "the values that each asked prompt fixes"
    return scarce(project.asked, project.training_profiles, needed) or [
        ok(f"at least {needed} people in training have {values} (evaluate.min_reference)")
    ]


def scarce(
    asked: Sequence[AskedPrompt], training: Mapping[Condition, Sequence[Profile]], needed: int
) -> list[Finding]:
    """One warning per prompt whose fixed values too few people in training have."""
    found = []
    for prompt in asked:
        n = {c: sum(matches(one, prompt.given) for one in people) for c, people in training.items()}
        if min(n.values()) < needed:
            counts = ", ".join(f"{k} of {len(training[c])} in {c}" for c, k in n.items())
            says = f"prompt {prompt.id}: {counts} have what it fixes; a comparison needs {needed}"
            remedy = (
                "Ask for a value that more people have (data/prompts.yaml), or lower evaluate.min_reference"
            )
            found.append(warning(says, remedy))
    return found


def check_contrasts(project: Project) -> list[Finding]:
    """Prompts, fields and levels of the declared contrasts exist."""
    contrasts = filled(project.evaluate.contrasts, project.entry[0])
    profiles = project.training_profiles
    return _wrong(lambda: check(contrasts, project.schema, project.asked, profiles)) or [
        ok(f"{len(contrasts)} declared contrasts name prompts, fields and levels that exist")
    ]


def _wrong(*loads: Callable[[], Any]) -> list[Finding]:
    findings = []
    for load in loads:
        try:
            load()
        except UserError as error:
            findings.append(mistake(str(error)))
    return findings


def check_data(project: Project) -> list[Finding]:
    _ = project.prepare, project.training_prompts  # other checks report on these
    try:
        return [_of_file(condition, project.people) for condition in project.people.checked]
    except UserError as error:
        return [mistake(str(error))]


def _of_file(condition: Condition, found: Prepared) -> Finding:
    """How many people a file gives to each split, and what `prepare` would leave out."""
    checked = found.checked[condition]
    splits = ", ".join(f"{len(rows)} {split}" for split, rows in found.examples[condition].items())
    says = f"{condition}: {len(checked.records)} people ({splits})"
    left_out = [(len(checked.refused), "refused"), (len(checked.duplicates), "duplicates")]
    if not any(n for n, _ in left_out):
        return ok(says)
    counted = ", ".join(f"{n} {word}" for n, word in left_out if n)
    first = [*checked.refused, *checked.duplicates][0]
    return warning(
        f"{says}; {counted}; the first: record {first.record}, {first.reason}",
        f"Fix {first.file}, or leave it: data/prepared/rejected.jsonl will list them",
    )
