"""The whole of `evaluate`: laws over all its rows, the headline, the files."""

import dataclasses
import json
import math
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pandas as pd
import pytest
import yaml

from stages.common.comparison import is_constrained
from stages.common.files import write_records
from stages.common.records import Completion, Example, Profile
from stages.common.tables.base import ALL, NotComputed, Part, columns
from stages.common.tables.fidelity import DistributionRow
from stages.common.tables.format import ValidityRow
from stages.common.tables.learning import CONTENT, STRUCTURE, FieldLossRow
from stages.common.tables.registry import TABLES
from stages.common.tables.words import MarkedWordRow
from stages.evaluate import __main__ as stage
from stages.evaluate.headline import headline
from stages.evaluate.rows import rows_of
from stages.evaluate.study import evaluate
from stages.evaluate.tables import as_table
from stages.shell.errors import UserError
from tests.evaluate.fakes import (
    FREE,
    INDOOR,
    LEXICON,
    PARAMS,
    RARE,
    SCHEMA,
    cat,
    draws,
    held_out,
    losses,
    pasted,
    scored,
    study,
    training,
)

ARMS = [
    "tiny-1.1b/none",
    *(f"tiny-1.1b+{kind}/{data}" for kind in ("lora", "shots") for data in ("original", "augmented")),
]
TEXTS: list[str | Profile] = [
    cat(),
    cat(coat="white"),
    cat(home={"kind": "indoor"}, note="has 3 mice"),
    "",
    "no",
    '{"coat": "black",}',
    '{"coat": "bl',
    "{}",
]


def completions(arms: list[str] = ARMS, n: int = 10) -> list[Completion]:
    texts = (TEXTS * n)[:n]
    prompts = (FREE, INDOOR, RARE)
    return [row for arm in arms for p in prompts for row in draws(*texts, arm=arm, prompt_id=p.id)]


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from leaves(inner)
    else:
        yield value


def test_the_order_of_completions_is_no_matter() -> None:
    shuffled = completions()
    random.Random(1).shuffle(shuffled)
    assert evaluate(shuffled, study()) == evaluate(completions(), study())


def test_another_arm_changes_no_row_of_an_arm() -> None:
    """Marked words aside: all comparisons are adjusted together."""
    found = (evaluate(completions(arms), study()).rows for arms in (ARMS[:1], ARMS))
    alone, together = ([row for row in rows if type(row) is not MarkedWordRow] for rows in found)
    assert [row for row in together if row.arm == ARMS[0]] == [row for row in alone if row.arm == ARMS[0]]


def test_constrained_arms_have_rows_of_their_own_and_change_no_others() -> None:
    bound = [arm.replace("/", "+constrained/") for arm in ARMS]
    free, both = (evaluate(completions(arms), study()) for arms in (ARMS, [*ARMS, *bound]))
    assert both.metrics == free.metrics
    assert [row for row in both.rows if not is_constrained(row.arm)] == free.rows
    for kind in TABLES.values():
        table = as_table(kind, both.rows)
        others = table[~table["arm"].map(is_constrained).astype(bool)].reset_index(drop=True)
        pd.testing.assert_frame_equal(others, as_table(kind, free.rows), check_dtype=False)
    assert {row.arm for row in rows_of(ValidityRow, both.rows)} == {*ARMS, *bound}


def test_no_number_is_nan_or_infinite() -> None:
    evaluation = evaluate(completions(), study())
    for row in evaluation.rows:
        for value in leaves(dataclasses.asdict(row)):
            assert value is None or isinstance(value, str) or math.isfinite(value), row
    assert all(math.isfinite(number) for number in leaves(evaluation.metrics))


def test_every_row_has_a_table_and_every_column_is_filled() -> None:
    losses = [
        one
        for arm, nats in (("tiny/none", 0.5), (ARMS[0], 0.25))
        for one in scored(training(), arm, nats=nats)
    ]
    rows = evaluate(completions(n=40), study(scored=losses)).rows
    assert {type(row) for row in rows} == {*TABLES.values(), DistributionRow}
    for kind in TABLES.values():
        table = as_table(kind, rows)
        assert [name for name in table if name != "q" or "q" in columns(kind)] == columns(kind)
        # an interval that would not hold is left out
        assert not table.drop(columns=["low", "high"], errors="ignore").isna().any().any()
        assert not table.duplicated().any()


def test_what_is_not_computed_names_a_table() -> None:
    arms = [*ARMS, "tiny+lora+constrained/original"]
    rows = [
        row for arm in arms for row in [*draws("no", cat(), arm=arm), *draws("", arm=arm, prompt_id=RARE.id)]
    ]
    left = rows_of(NotComputed, evaluate(rows, study()).rows)
    assert {row.table for row in left} <= {*TABLES, "headline", ALL}
    assert {row.part for row in left} <= {*get_args(Part)}
    assert len({(*row.key, row.table, row.part, row.field, row.contrast) for row in left}) == len(left)


@pytest.mark.parametrize("n_arms", [1, 5, 70])
def test_the_headline_stays_readable_with_any_number_of_arms(n_arms: int) -> None:
    arms = ["tiny/none", *ARMS, *(f"chat-{i}-with-a-long-name/original" for i in range(n_arms))]
    rows = [row for arm in arms for row in draws(cat(), "", arm=arm)]
    found = evaluate(rows, study(FREE, params=PARAMS.model_copy(update={"null_draws": 100}))).metrics
    names = [f"{measure}.{key}" for measure, keys in found.items() for key in keys]
    assert 0 < len(names) <= 12
    assert max(map(len, names)) <= 10


def test_headline_of_the_trained_arms() -> None:
    # 5 draws, of which only the first fits; the same rate twice, and half for the base
    texts: list[str | Profile] = [cat(), "{}", '{"coat": "black",}', "", "no"]
    rows = [
        *draws(*texts),
        *draws(*texts, arm="tiny+lora/augmented"),
        *draws(cat(), "no", arm="tiny/none"),
        *draws(cat(), arm="claude/original"),
    ]
    found = evaluate(rows, study()).metrics
    assert found["valid"] == {"orig": 0.2, "aug": 0.2, "base": 0.5}
    assert "rules" not in found  # no cat here is indoors


def test_loss_in_the_headline_is_about_people_of_the_arms_own_dataset() -> None:
    where: dict[str, Any] = {"prompt": ALL, "role": "", "n": 2, "low": None, "high": None}
    arm = "tiny+lora/original"
    rows = [
        FieldLossRow(arm=arm, data="original", field=CONTENT, loss=3.5, **where),
        FieldLossRow(arm=arm, data="augmented", field=CONTENT, loss=4.5, **where),
        FieldLossRow(arm=arm, data="original", field=STRUCTURE, loss=0.5, **where),
        FieldLossRow(arm="tiny/none", data="original", field=CONTENT, loss=9.5, **where),
    ]
    assert headline(rows, study(FREE).prompts) == {"loss": {"orig": 3.5}}


def test_rules_broken_in_the_headline() -> None:
    # of 2 indoor cats, one catches mice
    rows = draws(cat(home={"kind": "indoor"}), cat(home={"kind": "indoor"}, mice=0), cat(), "{}")
    assert evaluate(rows, study(FREE)).metrics["rules"] == {"orig": 0.5}


def test_a_prompt_without_completions_is_named() -> None:
    rows = evaluate(draws(cat()), study()).rows
    missing = [row.prompt for row in rows_of(NotComputed, rows) if row.reason == "no completions"]
    assert missing == [INDOOR.id, RARE.id]


def test_arms_that_wrote_no_profile_at_all_are_evaluated() -> None:
    rows = [row for arm in ARMS for row in draws("no", "", arm=arm)]
    left = rows_of(NotComputed, evaluate(rows, study()).rows)
    reasons = {(row.table, row.contrast, row.field): row.reason for row in left}
    assert reasons["contrasts", "coat-white", "coat"].startswith("needs n >= 1 in each arm")
    assert reasons["effects", "", "coat"] == "needs 2 draws with a valid value, of every arm under one prompt"


def test_completions_that_do_not_fit_are_refused_all_at_once() -> None:
    twice = [*draws(cat()), *draws(cat()), *draws(cat(), prompt_id="never-asked")]
    with pytest.raises(UserError, match=r"never-asked: not asked(.|\n)*draw 1: duplicate"):
        evaluate(twice, study())
    with pytest.raises(UserError, match="no completions to evaluate"):
        evaluate([], study())


def _write_study(folder: Path) -> None:
    write_records(folder / "data/generated/completions.jsonl", completions())
    write_records(folder / "data/collected/completions.jsonl", [pasted("no"), pasted("", draw=2)])
    for condition, people in held_out().items():
        for split, records in (("train", training()), ("test", people)):
            rows = [_example(i, json.dumps(record)) for i, record in enumerate(records)]
            write_records(folder / f"data/prepared/{condition}/{split}.jsonl", rows)
    write_records(folder / "data/scores/nll.jsonl", losses(held_out()["original"], "tiny-1.1b/none"))
    (folder / "data/schema").mkdir()
    (folder / "data/schema/profile.schema.json").write_text(json.dumps(SCHEMA))
    words = {name: sorted(among) for name, among in LEXICON.items()}
    (folder / "data/lexicon.yaml").write_text(yaml.safe_dump(words))
    asked = [prompt.model_dump() for prompt in (FREE, INDOOR, RARE)]
    trained = [{"id": "any", "share": 1.0, "template": "A cat"}]
    (folder / "data/prompts.yaml").write_text(yaml.safe_dump({"asked": asked, "training": trained}))
    (folder / "params.yaml").write_text(
        yaml.safe_dump({"base": "tiny-1.1b", "evaluate": PARAMS.model_dump()})
    )


def _example(number: int, text: str) -> Example:
    return Example(source_id=str(number), prompt_id="any", prompt="A cat", completion=text)


@pytest.fixture
def study_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    _write_study(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _contents(folder: Path) -> dict[str, bytes]:
    made = [*folder.glob("metrics/**/*"), *folder.glob("data/evaluated/*")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in made if path.is_file()}


def test_the_stage_writes_its_files_and_twice_the_same(study_folder: Path) -> None:
    stage.main()
    first = _contents(study_folder)
    (study_folder / "metrics/tables/stale.csv").write_text("of an earlier run")
    (study_folder / "metrics/plots/loss.csv").write_text("of another stage")
    stage.main()
    tables = {f"metrics/tables/{name}.csv" for name in TABLES}
    others = {"metrics/evaluate.json", "metrics/plots/distributions.csv", "data/evaluated/profiles.jsonl"}
    assert set(first) == tables | others
    assert _contents(study_folder) == first | {"metrics/plots/loss.csv": b"of another stage"}


def test_tables_are_long_and_can_be_read(study_folder: Path) -> None:
    stage.main()
    table = pd.read_csv(study_folder / "metrics/tables/total_variation.csv")
    assert list(table.columns) == [
        *("arm", "prompt", "field", "role", "n", "n_readable", "n_drawn", "tv", "low", "high"),
        *("band_low", "band_high", "percentile", "p", "q"),
    ]
    assert set(table["arm"]) == set(ARMS)
    funnel = pd.read_csv(study_folder / "metrics/tables/funnel.csv")
    assert set(funnel["arm"]) == {*ARMS, "claude/original"}
    plots = pd.read_csv(study_folder / "metrics/plots/distributions.csv")
    shares = plots.groupby(["arm", "prompt", "variable"])[["share_generated", "share_reference"]].sum()
    assert ((shares - 1).abs() < 1e-5).all().all()


def test_the_terminal_shows_every_arm(study_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage.main()
    shown = capsys.readouterr().out
    assert "draws" in shown
    assert "distinct" in shown
