"""Turn the findings of a calibration into the state for the report, tables for people, and a summary."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import sqrt

import pandas as pd

from experiments.calibrate.findings import Finding, find
from experiments.calibrate.power import smallest_shift
from experiments.calibrate.rule import judged
from stages.common.calibration import CalibratedContrast, Calibration, Power, Verdict
from stages.common.files import Metrics
from stages.common.made_with import MadeWith
from stages.common.records import Completion
from stages.common.tables.contrasts import ContrastRow
from stages.evaluate.cells import Cell, Study, cells_of
from stages.evaluate.contrasts.family import declared
from stages.evaluate.declared import Contrast
from stages.evaluate.rows import rows_of


@dataclass(frozen=True)
class Drawn:
    """The completions of every pair of training runs, and the pipeline's own few."""

    seeds: Sequence[Mapping[str, int]]
    """Seeds by arm, in the order of the pairs."""
    pairs: Sequence[Sequence[Completion]]
    few: Sequence[Completion]


@dataclass(frozen=True)
class Results:
    """The findings, their state for report and tables, and the contrasts without a finding."""

    findings: list[Finding]
    calibration: Calibration
    left_out: dict[str, str]
    """Reasons by contrast."""


def calibrate(drawn: Drawn, study: Study, made_with: MadeWith, power: Sequence[Power]) -> Results:
    """Test every declared contrast between the trained arms, under the drawn prompt."""
    pairs = [{cell.key: cell for cell in cells_of(rows, study)} for rows in drawn.pairs]
    few = {cell.key: cell for cell in cells_of(drawn.few, study)}
    found = {one.id: _find(one, pairs, study) for one in study.params.contrasts}
    findings = [one for one in found.values() if isinstance(one, Finding)]
    left_out = {name: one for name, one in found.items() if isinstance(one, str)}
    own = {row.contrast: row for row in rows_of(ContrastRow, declared(list(few.values()), study))}
    verdicts = judged([one.tested for one in findings], study.params.alpha)
    level = study.params.alpha / max(1, len(findings))
    rows = [
        calibrated(one, *said, own.get(one.contrast.id), _n_few(one.contrast, few), level, study)
        for one, said in zip(findings, verdicts, strict=True)
    ]
    state = Calibration(
        made_with=made_with,
        draws=max(row.draw for row in drawn.pairs[0]),
        n_seeds=len(pairs),
        power=tuple(power),
        contrasts=tuple(rows),
    )
    return Results(findings, state, left_out)


def calibrated(
    one: Finding,
    p_adjusted: float,
    verdict: Verdict,
    own: ContrastRow | None,
    n_few: int,
    level: float,
    study: Study,
) -> CalibratedContrast:
    field, level_shown = one.contrast.about
    sd = one.tested.sd_pairs
    shift = smallest_shift(sd, len(one.runs_a), level, study.params.power) if sd else None
    return CalibratedContrast(
        contrast=one.contrast.id,
        arm_a=one.contrast.arm_a,
        arm_b=one.contrast.arm_b,
        prompt=one.contrast.prompt,
        statistic=one.contrast.statistic,
        field=field,
        level=level_shown,
        n=sum(run.n for run in (*one.runs_a, *one.runs_b)),
        n_seeds=len(one.runs_a),
        difference_10=own.difference if own else None,
        p_adjusted_10=own.p_adjusted if own else None,
        **asdict(one.tested),
        p_adjusted=p_adjusted,
        smallest_shift=shift,
        sd_runs=sqrt(one.spread.runs),
        sd_draws=sqrt(one.spread.draws),
        seed_share=one.spread.seed_share(n_few),
        verdict=verdict,
    )


def runs_table(findings: Sequence[Finding], seeds: Sequence[Mapping[str, int]]) -> pd.DataFrame:
    """Table runs.csv: the number of every training run of every contrast."""
    rows = [
        (one.contrast.id, arm, number, seeds[number - 1][arm], run.n, run.value, sqrt(run.draws_variance))
        for one in findings
        for arm, runs in ((one.contrast.arm_a, one.runs_a), (one.contrast.arm_b, one.runs_b))
        for number, run in enumerate(runs, start=1)
    ]
    return pd.DataFrame(rows, columns=["contrast", "arm", "run", "seed", "n", "value", "sd_draws"])


def pairs_table(findings: Sequence[Finding]) -> pd.DataFrame:
    """Table pairs.csv: the difference b - a of every pair of training runs, which is what is tested."""
    rows = [
        (one.contrast.id, number, a.n, b.n, b.value - a.value)
        for one in findings
        for number, (a, b) in enumerate(zip(one.runs_a, one.runs_b, strict=True), start=1)
    ]
    return pd.DataFrame(rows, columns=["contrast", "run", "n_a", "n_b", "difference"])


def contrasts_table(calibration: Calibration) -> pd.DataFrame:
    """Table contrasts.csv: the rows of the state; an empty cell is not computed."""
    columns = list(CalibratedContrast.model_fields)
    return pd.DataFrame([one.model_dump() for one in calibration.contrasts], columns=columns)


def summary(calibration: Calibration) -> Metrics:
    """Finite numbers for `git diff`: how many contrasts stand, and each one's difference and interval."""
    verdicts = [one.verdict for one in calibration.contrasts]
    shown = {"difference", "low", "high", "sd_pairs", "p", "p_adjusted", "seed_share", "n", "smallest_shift"}
    stated = calibration.stated_power
    return {
        "draws": calibration.draws,
        "n_seeds": calibration.n_seeds,
        "n_stands": verdicts.count("stands"),
        "n_does_not_stand": verdicts.count("does not stand"),
        "n_undecided": verdicts.count("undecided"),
        "power": stated.power if stated else 0.0,
        "contrasts": {
            one.contrast: one.model_dump(include=shown, exclude_none=True) for one in calibration.contrasts
        },
    }


def _find(contrast: Contrast, pairs: Sequence[Mapping[tuple[str, str], Cell]], study: Study) -> Finding | str:
    keys = [(arm, contrast.prompt) for arm in (contrast.arm_a, contrast.arm_b)]
    absent = sorted({" under ".join(key) for key in keys for pair in pairs if key not in pair})
    if absent:
        return f"not drawn for calibration: {', '.join(absent)}"
    return find(contrast, [(pair[keys[0]], pair[keys[1]]) for pair in pairs], study)


def _n_few(contrast: Contrast, few: Mapping[tuple[str, str], Cell]) -> int:
    """Draws per arm in the pipeline."""
    return max(len(few[arm, contrast.prompt].draws) for arm in (contrast.arm_a, contrast.arm_b))
