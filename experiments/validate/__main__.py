"""Simulate studies, evaluate them, and compare the counts with what the evaluation promises.

python -m experiments.validate
"""

import sys
from concurrent.futures import Executor, ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rich.console import Console
from tqdm import tqdm

from experiments.params import EXPERIMENTS, CalibrateParams, ValidateParams
from experiments.validate.results import Result, power_kept, result_table, silence_kept, summary, terminal
from experiments.validate.scenes import found_in, scene_of
from experiments.validate.seeds import SeedScene, n_standing
from stages.common.cells import write_table
from stages.common.files import write_metrics
from stages.common.params import load_params
from stages.evaluate.params import EvaluateParams
from stages.shell.errors import UserError, run

VALIDATION = Path("metrics/validation")
PROCESSES = 2


def main() -> None:
    params = load_params(ValidateParams, section="validate", path=EXPERIMENTS)
    # spawned, not forked, like on a Mac
    with (
        tqdm(total=len(params.names) * params.studies, unit="study", file=sys.stderr) as bar,
        ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool,
    ):
        results = [validate(name, params.studies, pool, bar) for name in params.names]
    results += [over_seeds(scene, params.seeds.studies) for scene in seed_scenes(params)]
    write_table(VALIDATION / "results.csv", result_table(results))
    write_metrics(VALIDATION / "summary.json", summary(results))
    Console().print(terminal(results))
    if not all(one.counted.kept for one in results):
        sys.exit("A promise is not kept: see 'no' in the table")


def validate(name: str, studies: int, pool: Executor, bar: Any) -> Result:
    """Run all simulated studies of one scene."""
    bar.set_postfix_str(name)
    scene = scene_of(name)
    minimum = scene.minimum()
    if scene.plan and minimum is None:
        raise UserError(
            f"experiments/params.yaml: validate.planted: {name}: no effect is large enough to be found\n"
            "Raise its draws"
        )
    planted = minimum.planted if minimum else 0.0
    n_found = 0
    for found in pool.map(found_in, repeat(name), repeat(planted), range(1, studies + 1), chunksize=5):
        n_found += bool(found) if minimum is None else name in found
        bar.update()
    promised = scene.study.params
    if minimum is None:
        return Result(name, scene.draws, None, silence_kept(n_found, studies, promised.alpha))
    return Result(name, scene.draws, minimum.effect, power_kept(n_found, studies, promised.power))


def seed_scenes(params: ValidateParams) -> list[SeedScene]:
    """Scenes with nothing planted, one for each size of seed effects, and one with the shift."""
    calibrate = load_params(CalibrateParams, section="calibrate", path=EXPERIMENTS)
    evaluation = load_params(EvaluateParams, section="evaluate")
    cases = [*((sd, 0.0) for sd in params.seeds.sd), (params.seeds.sd[-1], calibrate.shift)]
    return [
        SeedScene(
            sd,
            shift,
            n_runs=1 + len(calibrate.further_seeds),
            draws=calibrate.draws,
            n_contrasts=params.seeds.contrasts,
            alpha=evaluation.alpha,
            confidence=evaluation.confidence,
            seed=params.seed,
        )
        for sd, shift in cases
    ]


def over_seeds(scene: SeedScene, studies: int) -> Result:
    """Run all simulated calibrations of one scene."""
    n_found = n_standing(scene, studies)
    if scene.shift:
        return Result(scene.name, scene.draws, scene.shift, power_kept(n_found, studies, scene.power))
    return Result(scene.name, scene.draws, None, silence_kept(n_found, studies, scene.alpha))


if __name__ == "__main__":
    run(main)
