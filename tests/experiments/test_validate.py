"""A small validation: what is planted is found as often as promised, and nothing where nothing is."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import sqrt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scipy.stats import norm
from tqdm import tqdm

from experiments.calibrate.rule import OverRuns, paired
from experiments.params import EXPERIMENTS, ValidateParams
from experiments.validate import __main__ as validation
from experiments.validate import scenes, seeds
from experiments.validate.results import Result
from experiments.validate.seeds import SeedScene, n_standing
from experiments.validate.simulation import completions_of, with_contrast
from stages.common.params import load_params
from stages.prepare.__main__ import main as prepare
from stages.shell.errors import UserError
from tests.evaluate.fakes import CONTRAST, study
from tests.tiny import ROOT, edit_yaml

Patch = pytest.MonkeyPatch
STUDIES = 30


@pytest.fixture
def prepared(workspace: Path, monkeypatch: Patch) -> Path:
    changes = {"studies": STUDIES, "seeds": {"studies": STUDIES}}
    edit_yaml(workspace / "experiments/params.yaml", {"validate": changes})
    prepare()
    scenes.scene_of.cache_clear()
    return workspace


def validate(name: str, studies: int = STUDIES) -> Result:
    with ThreadPoolExecutor(1) as pool:
        return validation.validate(name, studies, pool, tqdm(disable=True))


@pytest.mark.parametrize("name", ["nothing, 10 draws", "skew", "copies"])
def test_the_promises_are_kept(prepared: Path, name: str) -> None:
    assert validate(name).counted.kept


def test_an_effect_that_is_too_small_to_promise_is_refused(prepared: Path) -> None:
    params = load_params(ValidateParams, section="validate", path=EXPERIMENTS).model_dump()
    planted = [{**one, "draws": 5} for one in params["planted"]]
    edit_yaml(prepared / "experiments/params.yaml", {"validate": {"planted": planted}})
    with pytest.raises(UserError, match=r"validate.planted: skew: no effect is large enough"):
        validate("skew")


def test_a_promise_that_is_not_kept_ends_with_1(prepared: Path, monkeypatch: Patch) -> None:
    broken = ThreadPoolExecutor

    def in_threads(processes: int, **_: Any) -> ThreadPoolExecutor:
        return broken(processes)

    monkeypatch.setattr(validation, "ProcessPoolExecutor", in_threads)
    monkeypatch.setattr(validation, "found_in", lambda name, planted, number: {"skew", "copies"})
    with pytest.raises(SystemExit, match="A promise is not kept"):
        validation.main()
    table = pd.read_csv("metrics/validation/results.csv").set_index("planted")
    assert table.loc["nothing, 10 draws", ["n_found", "kept"]].tolist() == [STUDIES, "no"]
    assert [name for name in table.index if "seeds" in name] == [one.name for one in seed_scenes()]


def seed_scenes() -> list[SeedScene]:
    return validation.seed_scenes(load_params(ValidateParams, section="validate", path=EXPERIMENTS))


def test_seeds_alone_let_nothing_stand_and_a_shift_stands_as_often_as_promised(prepared: Path) -> None:
    *nothing, shift = seed_scenes()
    assert [(one.n_runs, one.shift) for one in nothing] == [(6, 0.0)] * 3
    for scene in (nothing[-1], shift):
        assert validation.over_seeds(scene, 60).counted.kept
    # without a spread between seeds but that of draws, the shift is found every time
    assert n_standing(replace(shift, sd=0.01), 20) == 20


def test_a_rule_that_takes_draws_for_runs_is_caught(prepared: Path, monkeypatch: Patch) -> None:
    """If each draw is a unit, far too many contrasts stand."""

    def by_draws(a: list[float], b: list[float], confidence: float) -> OverRuns:
        found = paired(a, b, confidence)
        error = sqrt(sum(share * (1 - share) / 200 for share in (*a, *b))) / len(a)
        p = float(2 * norm.sf(abs(found.difference) / error))
        return replace(found, p=p)

    monkeypatch.setattr(seeds, "paired", by_draws)
    assert not validation.over_seeds(seed_scenes()[0], 60).counted.kept


def test_what_is_planted_takes_the_place_of_what_asks_the_same() -> None:
    declared = study().params.contrasts
    others = [one for one in declared if one != CONTRAST]
    same, new = CONTRAST.model_copy(update={"id": "x"}), CONTRAST.model_copy(update={"level": "black"})
    assert with_contrast(study(), same).params.contrasts == [*others, same]
    assert with_contrast(study(), new).params.contrasts == [*declared, new]


def test_every_simulated_study_is_different(prepared: Path) -> None:
    scene = scenes.scene_of("skew")
    first, again, second = ([row.text for row in completions_of(scene, 0.0, number)] for number in (1, 1, 2))
    assert first == again != second


def test_the_page_shows_the_committed_results() -> None:
    table = pd.read_csv(ROOT / "metrics/validation/results.csv", dtype=str, keep_default_na=False)
    page = (ROOT / "docs/method.md").read_text("utf-8")
    for row in table.itertuples():
        assert f"| {row.n_found} of {row.studies} | {row.least} to {row.most} |" in page, row.planted
