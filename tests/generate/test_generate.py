"""The whole stage on the tiny Llama."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from stages.common.files import read_json, read_records, sha256_of, write_json
from stages.common.records import CONDITIONS, Completion, Example
from stages.common.schema import SCHEMA
from stages.common.seeds import seed_for
from stages.shell.errors import UserError
from tests.tiny import edit_yaml
from tests.train.study import N_RECORDS, set_train, train, write_study

GENERATED = Path("data/generated/completions.jsonl")


@pytest.fixture
def trained(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_study(workspace)
    set_train(workspace, steps=1, batch_size=4, records_per_pack=4, evaluate_every=1)
    for condition in CONDITIONS:
        train(monkeypatch, condition)
    edit_yaml(workspace / "params.yaml", {"generate": {"draws": 3, "batch_size": 2, "shots": 4}})
    return workspace


@pytest.fixture
def prompts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every prompt that the model was given, as text in its template."""
    from stages.generate import __main__ as stage

    given: list[str] = []
    plain = stage.draw

    def draw(
        model: Any, tokenizer: Any, ids: Sequence[list[int]], seeds: Any, params: Any, **others: Any
    ) -> Any:
        given.extend(tokenizer.decode(row) for row in ids)
        return plain(model, tokenizer, ids, seeds, params, **others)

    monkeypatch.setattr(stage, "draw", draw)
    return given


def test_generate(trained: Path, prompts: list[str]) -> None:
    from stages.generate.__main__ import main

    main()
    rows = read_records(GENERATED, Completion)
    check_arms_prompts_and_draws(rows)
    check_seeds_and_adapters(rows)
    check_no_identifier([*prompts, *(row.text for row in rows)])
    check_shots(prompts)
    first = GENERATED.read_bytes()
    edit_yaml(trained / "params.yaml", {"generate": {"batch_size": 3}})
    main()
    assert GENERATED.read_bytes() == first  # on the CPU in float32 whatever the batch
    edit_yaml(trained / "params.yaml", {"generate": {"constrained": True}})
    main()
    check_constrained(rows, read_records(GENERATED, Completion))


def test_a_schema_without_a_grammar_is_refused_before_anything_is_drawn(
    trained: Path, prompts: list[str]
) -> None:
    from stages.generate.__main__ import main

    edit_yaml(trained / "params.yaml", {"generate": {"constrained": True}})
    schema = read_json(SCHEMA)
    schema["properties"]["age"]["minimum"] = 17.5
    write_json(SCHEMA, schema)
    with pytest.raises(UserError, match="cannot be compiled to a grammar"):
        main()
    assert prompts == []


def test_generate_refuses_a_base_that_computes_differently(
    trained: Path, prompts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from stages.generate.__main__ import main
    from stages.shell import checked

    monkeypatch.setattr(checked, "ROUNDING_OF_FLOAT32", -1.0)
    with pytest.raises(UserError, match="LlamaForCausalLM: our draws differ"):
        main()
    assert prompts == []


def test_generate_refuses_an_adapter_that_is_folded_wrongly(
    trained: Path, prompts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from peft.tuners.lora import LoraLayer

    from stages.common.llm import products
    from stages.generate.__main__ import main

    right = products._weights

    def wrong(module: Any) -> Any:
        weight, bias = right(module)
        is_on = isinstance(module, LoraLayer) and not module.disable_adapters
        return (2 * weight if is_on else weight), bias

    monkeypatch.setattr(products, "_weights", wrong)
    with pytest.raises(UserError, match="LlamaForCausalLM: our draws differ"):
        main()
    assert prompts == []


def test_a_prompt_longer_than_the_window_is_refused_before_anything_is_drawn(
    trained: Path, prompts: list[str]
) -> None:
    from stages.generate.__main__ import main

    edit_yaml(trained / "params.yaml", {"generate": {"max_new_tokens": 8100}})  # the tiny Llama reads 8192
    with pytest.raises(UserError, match=r"is 8100; the base reads 8192 in all\nLower generate\.max_new"):
        main()
    assert prompts == []


def check_arms_prompts_and_draws(rows: list[Completion]) -> None:
    arms = ["tiny/none", *(f"tiny+{kind}/{c}" for kind in ("shots", "lora") for c in CONDITIONS)]
    asked = ["free-profile", "not-in-labor-force", "employed"]
    expected = [(arm, prompt, draw) for arm in arms for prompt in asked for draw in (1, 2, 3)]
    assert [(row.arm, row.prompt_id, row.draw) for row in rows] == expected
    assert all((row.ended == "eos") == (len(row.token_ids) < 8) for row in rows)


def check_constrained(free: list[Completion], both: list[Completion]) -> None:
    """Assert that every arm is drawn again under its own name, and that the free rows are unchanged."""
    assert both[: len(free)] == free
    rows = both[len(free) :]
    assert [row.source for row in rows] == [f"{row.source}+constrained" for row in free]
    assert all(row.text.startswith('{"') for row in rows)
    check_seeds(rows)


def check_seeds(rows: list[Completion]) -> None:
    assert [row.seed for row in rows] == [seed_for(1, row.arm, row.prompt_id, row.draw) for row in rows]


def check_seeds_and_adapters(rows: list[Completion]) -> None:
    check_seeds(rows)
    for row in rows:
        tuned = row.source == "tiny+lora"
        assert row.adapter_sha256 == (sha256_of(Path("models/adapters") / row.condition) if tuned else None)


def check_no_identifier(texts: list[str]) -> None:
    ids = [f"{split}-{number}" for split, n in N_RECORDS.items() for number in range(n)]
    assert not [text for text in texts for one in ids if one in text or "source_id" in text]


def check_shots(prompts: list[str]) -> None:
    shown = [[line for line in prompt.split("\n") if line.startswith('{"age":')] for prompt in prompts]
    of_arm = [shown[i : i + 9] for i in range(0, 45, 9)]  # 3 prompts of 3 draws
    assert [{len(lines) for lines in arm} for arm in of_arm] == [{0}, {4}, {4}, {0}, {0}]
    for condition, arm in zip(CONDITIONS, of_arm[1:3], strict=True):
        training = read_records(Path(f"data/prepared/{condition}/train.jsonl"), Example)
        assert set(arm[0]) <= {example.completion for example in training}
    ages = [[line.split(",")[0] for line in arm[0]] for arm in of_arm[1:3]]
    assert ages[0] == ages[1]  # the same people in both conditions


def test_score(trained: Path) -> None:
    from stages.common.files import read_json
    from stages.common.records import ProfileLoss
    from stages.score.__main__ import METRICS, SCORES, main

    main()
    rows = read_records(SCORES, ProfileLoss)
    arms = {"tiny/none", *(f"tiny+lora/{c}" for c in CONDITIONS)}
    assert {row.arm for row in rows} == arms
    assert len(rows) == 3 * 2 * (N_RECORDS["validation"] + N_RECORDS["test"])
    before = read_json(Path("metrics/train_original.json"))["validation_loss"]["before"]
    table = read_json(METRICS)
    assert table["validation"]["original"]["tiny/none"]["loss"] == pytest.approx(before, abs=1e-5)
    tuned = read_json(Path("metrics/train_original.json"))["validation_loss"]["best"]
    assert table["validation"]["original"]["tiny+lora/original"]["loss"] == pytest.approx(tuned, abs=1e-5)
    first = SCORES.read_bytes(), METRICS.read_bytes()
    main()
    assert (SCORES.read_bytes(), METRICS.read_bytes()) == first
