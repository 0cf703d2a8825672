"""All that `thesis init` drafts, in memory; nothing is written here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stages.common.params import load_params
from stages.common.prompts import TrainingPrompt
from stages.common.records import CONDITIONS, Condition, Example, Profile
from stages.common.schema import ProfileSchema
from stages.evaluate.params import EvaluateParams
from stages.prepare.checking import Checked, check
from stages.prepare.cleaning import Cleaner, CleanRecord
from stages.prepare.examples import examples_by_split
from stages.prepare.identity import with_derived_ids
from stages.prepare.params import NumberParams, PrepareParams, SampleParams, TwinParams
from stages.prepare.reading import RawRecord
from stages.shell.errors import mistakes
from thesis.init.drafts.contrasts import Changed, Untied, most_changed, most_untied
from thesis.init.drafts.lengths import Lengths, lengths
from thesis.init.drafts.prompts import Fixed, fixed_fields, training_prompts
from thesis.init.drafts.roles import Guess, guesses
from thesis.init.drafts.schema import draft_schema
from thesis.init.drafts.splits import by_split, splitting_seed
from thesis.init.fields.numerals import number_rules
from thesis.init.people.agreement import Differences, differences
from thesis.init.people.arranging import Identity
from thesis.init.people.deciding import People, people_of
from thesis.init.people.ties import Settled
from thesis.init.records.reading import Given, Track, look
from thesis.init.records.seen import Seen

UNSETTLED = Settled()


@dataclass(frozen=True)
class Draft:
    """What was found in the two files, and what is drafted for them."""

    people: People
    seen: Seen
    node: dict[str, Any]
    """The drafted JSON Schema."""
    guesses: Mapping[str, Guess]
    differences: Differences
    prepare: PrepareParams
    evaluate: EvaluateParams
    """The present section of params.yaml."""
    n_people: Mapping[Condition, Mapping[str, int]]
    """Records by split."""
    checked: Mapping[Condition, Checked] = field(repr=False)
    training: Mapping[Condition, Sequence[Profile]] = field(repr=False)
    """The profiles of the training split."""
    profiles: Mapping[Condition, Sequence[Profile]] = field(repr=False)
    """All clean ones."""
    n_shared: int
    """People in both files."""
    fixed: Sequence[Fixed]
    changed: Sequence[Changed]
    untied: Sequence[Untied]
    lengths: Lengths
    schema: ProfileSchema = field(repr=False)

    @property
    def given(self) -> Mapping[Condition, Given]:
        """The records as they are written."""
        return self.people.given

    @property
    def identity(self) -> Identity | None:
        return self.people.identity


def draft_of(given: Mapping[Condition, Given], track: Track, settled: Settled = UNSETTLED) -> Draft:
    """Draft everything, and prepare the records with the drafts in memory.

    Raises:
        UserError: mixed shapes, too few people for three splits, records that `prepare` would refuse.
    """
    before = load_params(PrepareParams, section="prepare")
    evaluation = load_params(EvaluateParams, section="evaluate")
    nulls = frozenset(before.nulls.spellings)
    people, seen = _found(given, nulls, track, settled)
    given, identity = people.given, people.identity
    rules, differ, roles = _looked(given, seen, identity, nulls)
    node = draft_schema(seen, roles, rules, before.nulls)
    schema = ProfileSchema(node)
    params, checked = _prepared(given, schema, _params(before, rules, identity), track)
    records = {c: checked[c].records for c in CONDITIONS}
    splits = {c: by_split(records[c], params) for c in CONDITIONS}
    profiles = {c: [record.profile for record in records[c]] for c in CONDITIONS}
    training = {c: [record.profile for record in splits[c]["train"]] for c in CONDITIONS}
    fixed = fixed_fields(schema, training, evaluation.min_reference)
    changed = most_changed(schema, profiles, training)
    return Draft(
        people=people,
        seen=seen,
        node=node,
        guesses=roles,
        differences=differ,
        prepare=params,
        evaluate=evaluation,
        n_people={c: {split: len(rows) for split, rows in splits[c].items()} for c in CONDITIONS},
        checked=checked,
        training=training,
        n_shared=_n_shared(records),
        fixed=fixed,
        changed=changed,
        untied=most_untied(schema, profiles, differ, changed),
        profiles=profiles,
        lengths=lengths(_examples(records, training_prompts(fixed), schema, params)),
        schema=schema,
    )


def _found(
    given: Mapping[Condition, Given], nulls: frozenset[str], track: Track, settled: Settled
) -> tuple[People, Seen]:
    """The people of both files, and what is seen of their records as they are arranged."""
    seen = look(given, nulls, track)
    people = people_of(given, seen, nulls, settled)
    if any(people.rewritten.values()):
        seen = look(people.given, nulls, track)
    return people, seen


def _looked(
    given: Mapping[Condition, Given], seen: Seen, identity: Identity | None, nulls: frozenset[str]
) -> tuple[NumberParams, Differences, dict[str, Guess]]:
    """How numbers are written, what differs between a person's two records, and each field's role."""
    leaves = dict(seen.leaves())
    rules = number_rules({path: place.texts() for path, place in seen.places()})
    pairs = identity.pairs if identity else []
    differ = differences(pairs, {c: given[c].records for c in CONDITIONS}, list(leaves), nulls)
    return rules, differ, guesses(leaves, rules, identity, differ)


def _prepared(
    given: Mapping[Condition, Given], schema: ProfileSchema, params: PrepareParams, track: Track
) -> tuple[PrepareParams, dict[Condition, Checked]]:
    """The params with a seed that splits the records well, and these, cleaned."""
    checked = _checked(given, schema, params, track)
    seed = splitting_seed({c: checked[c].records for c in CONDITIONS}, params)
    return params.model_copy(update={"seed": seed}), checked


def _n_shared(records: Mapping[Condition, Sequence[CleanRecord]]) -> int:
    """The number of people in both files."""
    return len(set.intersection(*({record.source_id for record in records[c]} for c in CONDITIONS)))


def _params(before: PrepareParams, rules: NumberParams, identity: Identity | None) -> PrepareParams:
    twins = {c: identity.max_twins[c] if identity else 1 for c in CONDITIONS}
    return before.model_copy(
        update={
            "sample": SampleParams(n=None, strata=[]),
            "numbers": rules,
            "max_twins": TwinParams(original=twins["original"], augmented=twins["augmented"]),
        }
    )


def _checked(
    given: Mapping[Condition, Given], schema: ProfileSchema, params: PrepareParams, track: Track
) -> dict[Condition, Checked]:
    """The records as `prepare` would clean them under the draft, which must refuse none."""
    cleaner = Cleaner(schema, params.nulls, params.numbers)
    found, refused = {}, []
    for condition, one in given.items():
        raw = track(
            [RawRecord(i, record) for i, record in enumerate(one.records, 1)], f"checking {condition}"
        )
        checked = check(raw, cleaner, str(one.path))
        found[condition] = checked
        refused += [f"{row.file}: record {row.record}: {row.reason}" for row in checked.refused]
    if refused:
        raise mistakes(
            f"The drafted schema does not fit {len(refused)} records",
            refused,
            "Fix these records. If they look right, report this as a bug: the draft should fit every record",
        )
    return with_derived_ids(found, schema)


def _examples(
    records: Mapping[Condition, Sequence[CleanRecord]],
    prompts: Sequence[TrainingPrompt],
    schema: ProfileSchema,
    params: PrepareParams,
) -> dict[Condition, list[Example]]:
    found = {c: examples_by_split(records[c], prompts, schema, params, c) for c in CONDITIONS}
    return {c: [example for rows in found[c].values() for example in rows] for c in CONDITIONS}
