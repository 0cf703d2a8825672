"""Everything that `prepare` writes, held in memory."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stages.common.prompts import TrainingPrompt
from stages.common.records import CONDITIONS, Condition, Example
from stages.common.schema import ProfileSchema
from stages.prepare.checking import Checked, check, refuse_mixed_ids, refuse_shared_ids, refuse_too_many
from stages.prepare.cleaning import Cleaner, CleanRecord
from stages.prepare.examples import examples_by_split
from stages.prepare.identity import derivation, with_derived_ids
from stages.prepare.params import PrepareParams
from stages.prepare.reading import read_raw
from stages.prepare.sampling import sample
from stages.prepare.summary import people_shared_by_splits
from stages.shell.errors import UserError

RAW = Path("data/raw")
FILES: Mapping[Condition, Path] = {condition: RAW / f"{condition}.json" for condition in CONDITIONS}


@dataclass(frozen=True)
class Prepared:
    """Both files after checking, sampling and splitting."""

    checked: dict[Condition, Checked]
    sampled: dict[Condition, list[CleanRecord]]
    examples: dict[Condition, dict[str, list[Example]]]


def check_files(params: PrepareParams, schema: ProfileSchema) -> dict[Condition, Checked]:
    """Check both raw files.

    Raises:
        UserError: lists the mistakes of both files.
    """
    cleaner = Cleaner(schema, params.nulls, params.numbers)
    checked, wrong = {}, []
    for condition, path in FILES.items():
        try:
            checked[condition] = check(read_raw(path), cleaner, str(path))
        except UserError as error:
            wrong.append(str(error))
    if wrong:
        raise UserError("\n".join(wrong))
    return with_derived_ids(checked, schema)


def prepared(
    checked: dict[Condition, Checked],
    params: PrepareParams,
    schema: ProfileSchema,
    prompts: Sequence[TrainingPrompt],
    rejected: Path,
    say: Callable[[str], None],
) -> Prepared:
    """Sample, split and pair with prompts what was checked.

    Args:
        rejected: the file that lists refused records; messages name it.
        say: receives a line for each remark about derived ids.

    Raises:
        UserError: the data cannot be used as they are.
    """
    refuse_mixed_ids(checked)
    for line in derivation(checked):
        say(line)
    sampled, examples = {}, {}
    for condition, found in checked.items():
        file = str(FILES[condition])
        refuse_too_many(found, params.max_rejected_rate, file, rejected)
        refuse_shared_ids(found.records, getattr(params.max_twins, condition), file, condition)
        sampled[condition] = sample(found.records, params.sample, params.seed, schema)
        examples[condition] = examples_by_split(sampled[condition], prompts, schema, params, condition)
    if people_shared_by_splits(examples):
        raise UserError("people are in more than one split; this is a bug, please report it")
    return Prepared(checked, sampled, examples)
