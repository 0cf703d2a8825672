"""Params of every section, schema, prompts, declared contrasts: all mistakes, not the first alone."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from stages.collect.params import CollectParams
from stages.common.params import PARAMS, Params, load_params, read_yaml
from stages.common.prompts import AskedPrompt
from stages.common.records import Condition, Profile
from stages.evaluate.declared import check, filled
from stages.evaluate.params import EvaluateParams
from stages.evaluate.references import matches
from stages.generate.params import GenerateParams
from stages.prepare.params import PrepareParams
from stages.score.params import ScoreParams
from stages.shell.errors import UserError
from stages.train.params import ConditionParams, TrainParams
from thesis.doctor.findings import Finding, mistake, ok, warning

if TYPE_CHECKING:
    from thesis.doctor.study import Study

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


def check_params(study: "Study") -> list[Finding]:
    """Every section of params.yaml, and words in it that no stage reads."""
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
        wrong.append(
            warning(f"{PARAMS}: no stage reads {', '.join(unknown)}", "Take it out, or fix its name")
        )
    return wrong or [ok(f"{PARAMS}: all {len(SECTIONS)} sections fit")]


def check_texts(study: "Study") -> list[Finding]:
    """Schema and prompts; without a schema no prompt can be looked at."""
    wrong = _wrong(lambda: study.schema)
    wrong = wrong or _wrong(lambda: study.training_prompts, lambda: study.asked)
    if wrong:
        return wrong
    prompts = f"{len(study.training_prompts)} trained, {len(study.asked)} asked"
    return [ok(f"schema ({len(study.schema.fields)} fields) and prompts ({prompts}) fit")]


def check_given(study: "Study") -> list[Finding]:
    """Asked prompts that fix values which too few people in training have."""
    needed = load_params(EvaluateParams, section="evaluate").min_reference
    return scarce(study.asked, study.training_profiles, needed) or [
        ok(f"what every asked prompt fixes, {needed} people in training have (evaluate.min_reference)")
    ]


def scarce(
    asked: Sequence[AskedPrompt], training: Mapping[Condition, Sequence[Profile]], needed: int
) -> list[Finding]:
    """One warning per prompt that the data cannot answer."""
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


def check_contrasts(study: "Study") -> list[Finding]:
    """Prompts, fields and levels of the declared contrasts exist."""
    declared = load_params(EvaluateParams, section="evaluate").contrasts
    contrasts = filled(declared, study.entry[0])
    profiles = study.training_profiles
    return _wrong(lambda: check(contrasts, study.schema, study.asked, profiles)) or [
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
