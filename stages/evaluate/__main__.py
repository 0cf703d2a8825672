"""Evaluate completions: format, consistency, fidelity, diversity and copies of every arm.

python -m stages.evaluate
"""

import json
from dataclasses import replace
from pathlib import Path

import rich

from stages.common.files import read_records, write_metrics, write_records
from stages.common.params import load_base_name, load_params
from stages.common.pasted import Pasted
from stages.common.prompts import load_asked_prompts, load_training_prompts, slots
from stages.common.records import CONDITIONS, Completion, Condition, Example, Profile, ProfileLoss, Split
from stages.common.schema import ProfileSchema, load_schema
from stages.evaluate.cells import Study
from stages.evaluate.params import EvaluateParams
from stages.evaluate.references import Scored
from stages.evaluate.study import Evaluation, evaluate
from stages.evaluate.words.lexicon import load_lexicon
from stages.shell.errors import UserError, run
from stages.shell.runs import recorded

PREPARED = Path("data/prepared")
GENERATED = Path("data/generated/completions.jsonl")
COLLECTED = Path("data/collected/completions.jsonl")
SCORES = Path("data/scores/nll.jsonl")
PROFILES = Path("data/evaluated/profiles.jsonl")
METRICS = Path("metrics/evaluate.json")
TABLES = Path("metrics/tables")
DISTRIBUTIONS = Path("metrics/plots/distributions.csv")


def main() -> None:
    outputs = [PROFILES, TABLES, DISTRIBUTIONS, METRICS]
    with recorded("evaluate", outputs=outputs):
        study = load_study()
        study = replace(study, scored=load_scored(study.schema))
        completions = [*read_records(GENERATED, Completion), *read_records(COLLECTED, Pasted)]
        write(evaluate(completions, study), load_base_name())


def write(evaluation: Evaluation, base: str) -> None:
    """Write all files, and a summary to the terminal.

    Args:
        base: the word after `base:` of params.yaml.
    """
    from stages.evaluate import writing  # lazily: it brings pandas, which is slow to load

    write_records(PROFILES, evaluation.profiles)
    writing.write_tables(TABLES, evaluation.rows)
    writing.write_shares(DISTRIBUTIONS, evaluation.rows, base)
    write_metrics(METRICS, evaluation.metrics)
    rich.print(writing.summary(evaluation.rows, base))


def load_study() -> Study:
    """The params, prompts, schema and prepared data that all cells are read and measured with."""
    params = load_params(EvaluateParams, section="evaluate").for_base(load_base_name())
    schema = load_schema()
    training, held_out = _profiles("train"), _profiles("test")
    return Study(schema, load_asked_prompts(schema), training, held_out, params, load_lexicon())


def load_scored(schema: ProfileSchema) -> list[Scored]:
    """The losses of the test split, with the people and what their prompts give.

    Raises:
        UserError: if the losses are not those of these people.
    """
    given = {prompt.id: frozenset(slots(prompt.template)) for prompt in load_training_prompts(schema)}
    losses: dict[tuple[str, Condition], list[ProfileLoss]] = {}
    for loss in read_records(SCORES, ProfileLoss):
        if loss.split == "test":
            losses.setdefault((loss.arm, loss.data), []).append(loss)
    scored = []
    for (_, data), found in losses.items():
        people = read_records(PREPARED / data / "test.jsonl", Example)
        if [loss.source_id for loss in found] != [person.source_id for person in people]:
            raise UserError(
                f"{SCORES}: the losses are of other people than those in {PREPARED}/{data}\n"
                "Score these: dvc repro score"
            )
        for loss, person in zip(found, people, strict=True):
            fixed = given.get(person.prompt_id, frozenset())
            scored.append(Scored(loss, json.loads(person.completion), fixed))
    return scored


def _profiles(split: Split) -> dict[Condition, list[Profile]]:
    paths = {condition: PREPARED / condition / f"{split}.jsonl" for condition in CONDITIONS}
    return {
        condition: [json.loads(example.completion) for example in read_records(path, Example)]
        for condition, path in paths.items()
    }


if __name__ == "__main__":
    run(main)
