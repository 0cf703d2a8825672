"""A whole calibration on the tiny Llama: what it writes, and how it continues after a kill."""

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stages.common.calibration import Calibration, load_calibration
from stages.common.files import read_json, read_records, sha256_of
from stages.common.records import CONDITIONS, Completion, Example
from stages.shell.errors import UserError
from tests.tiny import edit_yaml, make_workspace
from tests.train.study import train

Patch = pytest.MonkeyPatch
RESULTS = Path("metrics/calibration")


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory, tiny_llama: Path) -> Iterator[Path]:
    """Everything up to `generate` ran; completions are training records, drawn by each row's seed."""
    from stages.generate import __main__ as generate
    from stages.prepare.__main__ import main as prepare

    folder = make_workspace(tmp_path_factory.mktemp("calibration") / "project", tiny_llama)
    edit_yaml(
        folder / "experiments/params.yaml",
        {"calibrate": {"further_seeds": [2], "draws": 25, "batch_size": 10}},
    )
    edit_yaml(folder / "params.yaml", {"generate": {"draws": 10}})
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("THESIS_DEVICE", "cpu")
        prepare()
        for condition in CONDITIONS:
            train(patch, condition)
        patch.setattr(generate, "draw", draw_people)
        generate.main()
        yield folder


@pytest.fixture
def pipeline(made_once: Path, tmp_path: Path, monkeypatch: Patch) -> Path:
    """A copy of the finished pipeline; the test runs in its folder."""
    shutil.copytree(made_once, tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def draw_people(
    model: Any, tokenizer: Any, ids: Any, seeds: Sequence[int], params: Any, grammar: Any = None
) -> list[Any]:
    from stages.common.llm.written import Drawn

    texts = [row.completion for row in read_records(Path("data/prepared/original/train.jsonl"), Example)]
    return [Drawn(texts[np.random.default_rng(seed).integers(len(texts))], [7] * 8, "eos") for seed in seeds]


def calibrate() -> dict[str, bytes]:
    """Run the calibration; returns the bytes of the results."""
    from experiments.calibrate.__main__ import main

    main()
    return {file.name: file.read_bytes() for file in RESULTS.iterdir()}


def power_cut(monkeypatch: Patch, owner: Any, name: str, calls: int) -> list[Any]:
    """Break at the call after `calls` of a function; returns the first arguments of those made."""
    plain = getattr(owner, name)
    made: list[Any] = []

    def broken(*args: Any, **kwargs: Any) -> Any:
        if len(made) == calls:
            raise RuntimeError("the power went")
        made.append(args[0])
        return plain(*args, **kwargs)

    monkeypatch.setattr(owner, name, broken)
    return made


def test_what_it_writes_and_how_it_continues(
    pipeline: Path, monkeypatch: Patch, capsys: pytest.CaptureFixture[str]
) -> None:
    from experiments.calibrate import training
    from experiments.calibrate.drawing import Drawing

    with monkeypatch.context() as power:
        trained = power_cut(power, training, "train", calls=1)
        with pytest.raises(RuntimeError):
            calibrate()
        assert trained == ["original"]
    assert "2 trainings and 100 draws to do: about 1 min" in capsys.readouterr().err
    with monkeypatch.context() as power:
        trained = power_cut(power, training, "train", calls=9)
        power_cut(power, Drawing, "write", calls=4)  # of 3 batches an arm and run: 10, 10, 5
        with pytest.raises(RuntimeError):
            calibrate()
        assert trained == ["augmented"]
    with monkeypatch.context() as power:
        trained, written = power_cut(power, training, "train", 0), power_cut(power, Drawing, "write", 99)
        results = calibrate()
        assert (trained, len(written)) == ([], 8)
    said = capsys.readouterr().err
    assert "0 trainings and 65 draws to do" in said
    assert "2 training seeds: " in said
    assert "this calibration" in said
    check_results()
    check_runs_draw_other_profiles()
    with monkeypatch.context() as power:
        power_cut(power, Drawing, "write", 0)
        assert calibrate() == results


def check_results() -> None:
    found = state()
    own = {f"tiny+lora/{c}": sha256_of(Path("models/adapters") / c) for c in CONDITIONS}
    assert found.made_with.adapter_sha256 == own
    assert (found.draws, found.n_seeds) == (25, 2)
    assert [one.n_seeds for one in found.power] == [2, 3, 5, 6, 8] * 2
    declared = {one.contrast: one for one in found.contrasts}
    assert {one.n for one in found.contrasts} == {100}
    assert all(one.n_seeds == 2 for one in found.contrasts)
    spread = [one for one in found.contrasts if one.low is not None and one.high is not None]
    assert spread
    assert all(one.low < one.difference < one.high for one in spread)
    by_statistic = {one.statistic: one for one in declared.values()}
    assert by_statistic["association"].difference_10 is None  # declared for calibration alone
    assert by_statistic["share"].difference_10 is not None
    summary = read_json(RESULTS / "summary.json")
    assert summary["n_stands"] + summary["n_does_not_stand"] + summary["n_undecided"] == len(declared)
    check_it_counts_for_the_report(found)


def check_it_counts_for_the_report(found: Calibration) -> None:
    """Assert that the report reads the same params as calibrate recorded."""
    from stages.report.inputs import settings_now

    completions = read_records(Path("data/generated/completions.jsonl"), Completion)
    assert load_calibration(settings_now(completions)) == found


def state() -> Calibration:
    return Calibration.model_validate(read_json(RESULTS / "state.json"))


def check_runs_draw_other_profiles() -> None:
    texts = {
        tuple(row.text for row in read_records(file, Completion))
        for file in Path(".work/calibrate/drawn").rglob("*-0001-0010.jsonl")
    }
    assert len(texts) == 4  # 2 runs of 2 arms: none repeats another's noise


@pytest.mark.parametrize("stop", ["train", "draw"])
def test_an_edit_while_it_runs_is_refused(pipeline: Path, monkeypatch: Patch, stop: str) -> None:
    """Adapters and draws of further seeds have the settings of the first pair."""
    from experiments.calibrate import __main__ as calibration
    from experiments.calibrate import training

    places: dict[str, tuple[Any, str, dict[str, Any]]] = {
        "train": (training, "train", {"train": {"common": {"learning_rate": 0.5}}}),
        "draw": (calibration, "draw_missing", {"generate": {"temperature": 0.5}}),
    }
    owner, name, edit = places[stop]
    plain = getattr(owner, name)

    def edited(*args: Any, **kwargs: Any) -> Any:
        edit_yaml(pipeline / "params.yaml", edit)
        return plain(*args, **kwargs)

    monkeypatch.setattr(owner, name, edited)
    before = read_json(RESULTS / "state.json")
    with pytest.raises(UserError, match=r"params\.yaml changed while (train_original|generate) ran"):
        calibrate()
    assert read_json(RESULTS / "state.json") == before
    n_trained = len(list((pipeline / ".work/calibrate/trained").rglob("manifest.json")))
    assert n_trained == {"train": 0, "draw": 2}[stop]
    assert not list((pipeline / ".work/calibrate/drawn").rglob("*.jsonl"))


def test_adapters_of_other_parameters_are_refused(pipeline: Path) -> None:
    edit_yaml(pipeline / "params.yaml", {"train": {"common": {"steps": 3}}})
    with pytest.raises(UserError, match=r"models/adapters/original: not trained on the current base"):
        calibrate()


def test_completions_of_other_adapters_are_refused(pipeline: Path) -> None:
    file = Path("data/generated/completions.jsonl")
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    file.write_text("".join(json.dumps({**r, "adapter_sha256": "x"}) + "\n" for r in rows), "utf-8")
    with pytest.raises(UserError, match="not drawn from the current adapters"):
        calibrate()


def test_a_seed_counts_once(pipeline: Path) -> None:
    edit_yaml(pipeline / "experiments/params.yaml", {"calibrate": {"further_seeds": [2, 1]}})
    with pytest.raises(
        UserError, match=r"with train.original.seed they are 1, 2, 1; expected each seed once"
    ):
        calibrate()


def test_two_seeds_of_one_run_are_refused(pipeline: Path) -> None:
    edit_yaml(pipeline / "params.yaml", {"train": {"augmented": {"seed": 7}}})
    with pytest.raises(UserError, match=r"train.augmented.seed is 7; expected one seed for both"):
        calibrate()
