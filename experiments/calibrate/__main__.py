"""Train further seeds, draw many completions, and test which contrasts stand over training runs.

python -m experiments.calibrate
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from tqdm import tqdm

from experiments.calibrate.drawing import Drawing
from experiments.calibrate.plan import GENERATED, plan_of
from experiments.calibrate.power import Asked, planned_for, stated
from experiments.calibrate.results import (
    Drawn,
    Results,
    calibrate,
    contrasts_table,
    pairs_table,
    runs_table,
    summary,
)
from experiments.calibrate.training import HOME, Pair, pairs_of
from experiments.params import EXPERIMENTS, CalibrateParams
from stages.common.calibration import STATE, Calibration
from stages.common.cells import write_table
from stages.common.comparison import headline_prompt
from stages.common.files import read_records, sha256_of, write_json, write_metrics
from stages.common.llm.bases import load_base_entry
from stages.common.look import arm_name
from stages.common.made_with import MadeWith, SamplingFacts, facts_of, made_with
from stages.common.params import load_params
from stages.common.records import CONDITIONS, Completion
from stages.evaluate.__main__ import load_study
from stages.evaluate.cells import Study
from stages.generate.params import GenerateParams
from stages.shell.alone import alone
from stages.shell.errors import UserError, run
from stages.shell.used import Used

CALIBRATION = Path("metrics/calibration")
STAGES = ("train_original", "train_augmented", "generate", "evaluate")
"""Stages whose code and settings a calibration uses."""


def main() -> None:
    used = {stage: Used(stage) for stage in STAGES}
    params = load_params(CalibrateParams, section="calibrate", path=EXPERIMENTS)
    study = load_study()
    few = read_records(GENERATED, Completion)
    base = load_base_entry()[0]
    arm_of = {condition: f"{base}+lora/{condition}" for condition in CONDITIONS}
    with alone(HOME):
        pairs = pairs_of(params.further_seeds)
        own = {arm_of[condition]: sha256_of(one.folder) for condition, one in pairs[0].items()}
        check_current(few, own)
        origins = {arm_of[condition]: one.trained_from for condition, one in pairs[0].items()}
        settings = settings_of(study, own, origins, base)
        asked = asked_of(params, study, settings)
        power = planned_for(asked, len(pairs))
        print(plan_of(pairs, params.draws, n_drawn(pairs, study, params)), file=sys.stderr)
        print(stated(power, asked, len(pairs)), file=sys.stderr)
        for one in (one for pair in pairs for one in pair.values() if not one.done):
            refuse_changes(used)
            one.train(used[f"train_{one.condition}"])
        drawn = draw_missing(pairs, study, params, used)
        refuse_changes(used)
    seeds = [{arm_of[condition]: one.seed for condition, one in pair.items()} for pair in pairs]
    results = calibrate(Drawn(seeds, drawn, few), study, settings, power)
    write(results, seeds)
    Console().print(table(results.calibration))
    for name, reason in results.left_out.items():
        print(f"{name}: {in_words(reason, arm_of.values(), base)}")


def refuse_changes(used: Mapping[str, Used]) -> None:
    """Raise UserError if params, data or code have changed since this calibration began."""
    for one in used.values():
        one.refuse_changes()


def settings_of(study: Study, own: dict[str, str], origins: dict[str, str], base: str) -> MadeWith:
    """The settings that the results hold for.

    Args:
        own: hashes of the pipeline's adapters by arm.
        origins: hashes of what they were trained from.
    """
    return made_with(
        own,
        origins,
        [facts_of(one) for one in study.params.contrasts],
        study.prompts,
        study.schema,
        load_params(SamplingFacts, section="generate"),
        base=base,
        alpha=study.params.alpha,
        confidence=study.params.confidence,
    )


def asked_of(params: CalibrateParams, study: Study, settings: MadeWith) -> Asked:
    """The sizes that power is stated for."""
    prompt = headline_prompt(study.prompts).id
    n_contrasts = sum(one["prompt"] == prompt for one in settings.contrasts.values())
    return Asked(params.shift, params.sd, study.params.alpha, n_contrasts, study.params.power)


def check_current(few: Sequence[Completion], own: dict[str, str]) -> None:
    """Raise UserError unless the pipeline's draws were made by its adapters."""
    if {row.arm: row.adapter_sha256 for row in few if row.adapter_sha256} != own:
        raise UserError(
            f"{GENERATED}: not drawn from the current adapters\nFirst run make repro (or: make pull)"
        )


def drawings(pairs: Sequence[Pair], study: Study, how: CalibrateParams) -> Iterator[Drawing]:
    """One drawing at a time, because each holds a model as soon as it draws."""
    params = load_params(GenerateParams, section="generate")
    params = params.model_copy(update=how.model_dump(include={"draws", "batch_size"}))
    for pair in pairs:
        yield Drawing(pair, headline_prompt(study.prompts), study.schema, params)


def n_drawn(pairs: Sequence[Pair], study: Study, how: CalibrateParams) -> int:
    """Draws of trained pairs that an earlier start left."""
    trained = [pair for pair in pairs if all(one.done for one in pair.values())]
    batches = [batch for drawing in drawings(trained, study, how) for batch in drawing.batches]
    return sum(len(batch.numbers) for batch in batches if batch.done)


def draw_missing(
    pairs: Sequence[Pair], study: Study, how: CalibrateParams, used: Mapping[str, Used]
) -> list[list[Completion]]:
    """The completions of every pair."""
    found = []
    n_all, n_done = how.draws * len(pairs) * len(CONDITIONS), n_drawn(pairs, study, how)
    with tqdm(total=n_all, initial=n_done, unit="draw", file=sys.stderr) as bar:
        for number, drawing in enumerate(drawings(pairs, study, how), start=1):
            bar.set_postfix_str(f"training run {number} of {len(pairs)}")
            missing = [batch for batch in drawing.batches if not batch.done]
            refuse_changes(used)  # after the batches got their names, which are hashes of what is used
            for batch in missing:
                drawing.write(batch)
                bar.update(len(batch.numbers))
            found.append(drawing.completions())
    return found


def write(results: Results, seeds: Sequence[dict[str, int]]) -> None:
    """Write the state last, so that its tables are there whenever it is."""
    write_table(CALIBRATION / "runs.csv", runs_table(results.findings, seeds))
    write_table(CALIBRATION / "pairs.csv", pairs_table(results.findings))
    write_table(CALIBRATION / "contrasts.csv", contrasts_table(results.calibration))
    write_metrics(CALIBRATION / "summary.json", summary(results.calibration))
    write_json(STATE, results.calibration.model_dump())


def in_words(reason: str, arms: Iterable[str], base: str) -> str:
    """A reason with the names of arms for people.

    >>> in_words("training run 2, tiny+lora/original: too few", ["tiny+lora/original"], "tiny")
    'training run 2, LoRA · original: too few'
    """
    for arm in arms:
        reason = reason.replace(arm, arm_name(arm, base))
    return reason


def table(calibration: Calibration) -> Table:
    """Summary for the terminal."""
    shown = Table("contrast", "few draws", "over seeds", "interval", "p (Holm)", "due to seed", "result")
    for one in calibration.contrasts:
        few = "-" if one.difference_10 is None else f"{one.difference_10:+.2f}"
        ends = "-" if one.low is None or one.high is None else f"{one.low:+.3g} to {one.high:+.3g}"
        numbers = few, f"{one.difference:+.3g}", ends, f"{one.p_adjusted:.2g}"
        shown.add_row(escape(one.contrast), *numbers, f"{one.seed_share:.0%}", one.verdict)
    return shown


if __name__ == "__main__":
    run(main)
