"""The raw data as `prepare` would take them, without writing anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stages.common.prompts import TrainingPrompt
from stages.common.records import CONDITIONS, Condition, Example
from stages.common.schema import ProfileSchema
from stages.prepare.__main__ import RAW, check_files
from stages.prepare.checking import Checked, refuse_mixed_ids, refuse_shared_ids, refuse_too_many
from stages.prepare.cleaning import Cleaner
from stages.prepare.examples import examples_by_split
from stages.prepare.params import PrepareParams
from stages.prepare.sampling import sample
from stages.shell.errors import UserError
from thesis.doctor.findings import Finding, mistake, ok, warning

if TYPE_CHECKING:
    from thesis.doctor.study import Study

ONCE_RUN = Path(".work/rejected.jsonl, once prepare has run")


@dataclass(frozen=True)
class Prepared:
    """Both files after checking, sampling and splitting."""

    checked: dict[Condition, Checked]
    examples: dict[Condition, dict[str, list[Example]]]


def prepared(params: PrepareParams, schema: ProfileSchema, prompts: Sequence[TrainingPrompt]) -> Prepared:
    """What `prepare` would write.

    Raises:
        UserError: what it would stop on.
    """
    files = {condition: RAW / f"{condition}.json" for condition in CONDITIONS}
    checked = check_files(files, Cleaner(schema, params.nulls, params.numbers))
    refuse_mixed_ids(checked)
    examples = {}
    for condition, found in checked.items():
        file = str(files[condition])
        n_raw = len(found.records) + len(found.refused) + len(found.duplicates)
        refuse_too_many(found, n_raw, params.max_rejected_rate, file, ONCE_RUN)
        refuse_shared_ids(found.records, getattr(params.max_twins, condition), file, condition)
        chosen = sample(found.records, params.sample, params.seed, schema)
        examples[condition] = examples_by_split(chosen, prompts, schema, params, condition)
    return Prepared(checked, examples)


def check(study: "Study") -> list[Finding]:
    study.load_inputs()
    try:
        return judge(study.people)
    except UserError as error:
        return [mistake(str(error))]


def judge(found: Prepared) -> list[Finding]:
    """What is refused or left out although `prepare` would go on."""
    return [_file(condition, found) for condition in found.checked]


def _file(condition: Condition, found: Prepared) -> Finding:
    checked = found.checked[condition]
    splits = ", ".join(f"{len(rows)} {split}" for split, rows in found.examples[condition].items())
    says = f"{condition}: {len(checked.records)} people ({splits})"
    left_out = [(len(checked.refused), "refused"), (len(checked.duplicates), "duplicates")]
    if not any(n for n, _ in left_out):
        return ok(says)
    counted = ", ".join(f"{n} {word}" for n, word in left_out if n)
    first = next(iter([*checked.refused, *checked.duplicates]))
    return warning(
        f"{says}; {counted}; the first: record {first.record}, {first.reason}",
        f"Fix {first.file}, or leave it: data/prepared/rejected.jsonl will list them",
    )
