"""Params, schema, prompts, data and pasted answers: all mistakes, not only the first."""

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from stages.collect.answers import EXTERNAL
from stages.collect.layout import Expected
from stages.collect.params import CollectParams
from stages.collect.rows import look_through
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
from stages.shell.special import check_unconflicted
from stages.train.params import ConditionParams, TrainParams
from thesis.doctor.findings import Finding, mistake, ok, problem, warning
from thesis.doctor.project import Project

DVC_LOCK = "dvc.lock"
FILES = (
    DVC_LOCK,
    "dvc.yaml",
    "params.yaml",
    "models/bases.yaml",
    "data/prompts.yaml",
    "data/lexicon.yaml",
    "data/schema/profile.schema.json",
    "requirements.lock",
    "pyproject.toml",
    "metrics/declared.json",
    "data/raw/original.json",
    "data/raw/augmented.json",
    "experiments/params.yaml",
    "environment.yml",
    ".dvc/config",
)
OTHERS = ("metrics/**/*.json", "metrics/**/*.csv", "*.dvc", "data/*.dvc", "data/*/*.dvc", "models/*.dvc")
"""Patterns of files that a stage wrote and git holds, and of data that someone put under DVC."""
WHOLE = "Take one side whole: git checkout --ours dvc.lock (or --theirs), then dvc repro"
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
EXPORTS = (
    "conversations*.json",
    "myactivity.*",
    "chat.html",
    "takeout*.zip",
    "*chatgpt*.zip",
    "*claude*.zip",
)
"""Names of official exports, in lower case."""
UNSEARCHED = {".git", ".dvc", ".venv", ".work", "node_modules", "__pycache__"}


def check_merges(project: Project) -> list[Finding]:
    return unmerged(Path())


def unmerged(root: Path) -> list[Finding]:
    """A problem for every file with marks that git leaves where two versions could not be merged."""
    found = []
    others = [path.relative_to(root).as_posix() for like in OTHERS for path in sorted(root.glob(like))]
    for file in dict.fromkeys([*FILES, *others]):
        try:
            check_unconflicted(root / file)
        except UserError as error:
            wrong = mistake(str(error))
            found.append(problem(wrong.found, WHOLE) if file == DVC_LOCK else wrong)
    return found or [ok("no file holds marks of an unfinished merge")]


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
    needed = project.evaluate.min_reference
    return scarce(project.asked, project.training_profiles, needed) or [
        ok(f"what every asked prompt fixes, {needed} people in training have (evaluate.min_reference)")
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


def check_answers(project: Project) -> list[Finding]:
    findings = [check_exports(Path())]
    if not EXTERNAL.exists():
        return findings
    expected = Expected(project.collect.sources, [prompt.id for prompt in project.asked])
    answers, mistakes = look_through(EXTERNAL, expected)
    return [*findings, *judge_pasted(len(answers), mistakes)]


def check_exports(root: Path) -> Finding:
    """Whether a private chat export lies below a folder, or is even in git."""
    files = sorted(path.relative_to(root).as_posix() for path in _exports(root))
    if committed := [file for file in files if _committed(root, file)]:
        return problem(
            f"a private chat export is in git: {', '.join(committed)}",
            "Move it away, then: git rm --cached FILE",
        )
    if files:
        return warning(
            f"a chat export lies in the project: {', '.join(files)}",
            "Move it out; thesis import reads it from anywhere else",
        )
    return ok("no chat export lies in the project")


def judge_pasted(n_answers: int, mistakes: Sequence[str]) -> list[Finding]:
    """Pasted answers in data/external, as `collect` finds them."""
    if mistakes:
        more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
        return [problem(f"{mistakes[0]}{more}", "Fix what python -m stages.collect lists")]
    return [ok(f"{n_answers} pasted answers lie where they should and can be read")]


def _exports(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in UNSEARCHED]
        yield from (
            Path(folder, name) for name in files if any(fnmatch(name.lower(), like) for like in EXPORTS)
        )


def _committed(root: Path, file: str) -> bool:
    command = ["git", "ls-files", "--error-unmatch", "--", file]
    return subprocess.run(command, cwd=root, capture_output=True, check=False).returncode == 0
