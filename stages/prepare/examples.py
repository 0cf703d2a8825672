"""Prompts and completions from clean records, in the split of their person."""

from collections import defaultdict
from collections.abc import Sequence

from stages.common.fields import MISSING, get
from stages.common.prompts import FIELDS, TrainingPrompt, fill, slots
from stages.common.records import SPLITS, Condition, Example
from stages.common.schema import ProfileSchema
from stages.common.seeds import choose, split_of
from stages.prepare.cleaning import CleanRecord
from stages.prepare.params import PrepareParams
from stages.shell.errors import UserError


def examples_by_split(
    records: Sequence[CleanRecord],
    prompts: Sequence[TrainingPrompt],
    schema: ProfileSchema,
    params: PrepareParams,
    condition: Condition,
) -> dict[str, list[Example]]:
    """Every record with one of the prompts whose slots it can fill.

    Raises:
        UserError: no prompt fits a record, or a split is left without people.
    """
    found = defaultdict(list)
    shares = params.shares.model_dump()
    for record in records:
        split = split_of(record.source_id, seed=params.seed, shares=shares)
        found[split].append(_example(record, prompts, schema, params.seed))
    for split in SPLITS:
        if not found[split]:
            raise UserError(
                f"data/raw/{condition}.json: none of its {len(records)} records falls into {split}\n"
                "Add more people, raise prepare.sample.n, or change prepare.shares"
            )
    return {split: found[split] for split in SPLITS}


def _example(
    record: CleanRecord, prompts: Sequence[TrainingPrompt], schema: ProfileSchema, seed: int
) -> Example:
    fitting = {prompt.id: prompt for prompt in prompts if _fits(prompt, record)}
    if not fitting:
        raise UserError(
            f"record {record.position} ({record.source_id}): no training prompt of data/prompts.yaml fits; "
            "its slots are null there. Add one whose only slot is {fields}"
        )
    chosen = fitting[choose({i: p.share for i, p in fitting.items()}, "prompt", seed, record.source_id)]
    values = {slot: get(record.profile, slot) for slot in slots(chosen.template) if slot != FIELDS}
    return Example(
        source_id=record.source_id,
        prompt_id=chosen.id,
        prompt=fill(chosen.template, values, schema),
        completion=record.text,
    )


def _fits(prompt: TrainingPrompt, record: CleanRecord) -> bool:
    named = slots(prompt.template) - {FIELDS}
    return all(get(record.profile, slot) not in (None, MISSING) for slot in named)
