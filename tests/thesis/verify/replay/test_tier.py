"""Tiers 3 and 4 on a tiny study that was really trained, scored and drawn."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from stages.common.files import read_records, write_records
from stages.common.records import CONDITIONS, Completion, ProfileLoss, TokenLoss
from tests.thesis.verify.trained_study import make_study
from tests.tiny import edit_yaml
from thesis.verify.artifacts import GENERATED, SCORES
from thesis.verify.findings import Finding
from thesis.verify.replay.losses import judged_losses


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory, tiny_llama: Path) -> Path:
    """The project after train, score and generate; nobody changes it."""
    return make_study(tmp_path_factory.mktemp("study"), tiny_llama)


@pytest.fixture
def project(study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the study; the test runs in its folder."""
    folder = shutil.copytree(study, tmp_path / "copy")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("THESIS_DEVICE", "cpu")
    return folder


def found_in(project: Path) -> list[Finding]:
    from thesis.verify.replay.tier import TIER

    return list(TIER.check(project))


def wrong_in(project: Path) -> str:
    return "\n".join(f"{one.what}: {one.got}" for one in found_in(project) if one.is_wrong)


def test_an_honest_study_holds(project: Path) -> None:
    found = found_in(project)
    assert [one for one in found if one.is_wrong or one.is_open] == []
    tokens = [one for one in found if "drawn tokens" in one.what]
    n_ids = sum(len(row.token_ids) + (row.ended == "eos") for row in read_records(GENERATED, Completion))
    assert sum(one.seen["tokens"] for one in tokens) == sum(one.seen["winners"] for one in tokens) == n_ids
    assert [one for one in found if one.stage == "score"][-1].seen["largest_difference"] == 0


def test_another_adapter_is_caught(project: Path) -> None:
    adapters = project / "models/adapters"
    (adapters / "original").rename(adapters / "kept")
    (adapters / "augmented").rename(adapters / "original")
    (adapters / "kept").rename(adapters / "augmented")
    wrong = wrong_in(project)
    assert "adapter that the completion names" in wrong
    for condition in CONDITIONS:
        assert f"tiny+lora/{condition}: losses of" in wrong
        assert [
            line
            for line in wrong.split("\n")
            if line.startswith(f"tiny+lora/{condition}: ") and "drawn tokens" in line
        ]


def test_another_seed_is_caught(project: Path) -> None:
    edit_yaml(project / "params.yaml", {"generate": {"seed": 2}})
    wrong = wrong_in(project)
    assert "seed, derived from arm, prompt and draw: 0 of 45" in wrong
    assert wrong.count("lack more") == 5


def changed(change: Callable[[Completion], dict[str, object]]) -> None:
    """Change the first completion of an adapter's arm."""
    rows = read_records(GENERATED, Completion)
    place = next(n for n, row in enumerate(rows) if "lora" in row.source and len(row.token_ids) > 3)
    rows[place] = rows[place].model_copy(update=change(rows[place]))
    write_records(GENERATED, rows)


def test_a_forged_text_is_caught(project: Path) -> None:
    changed(lambda row: {"text": row.text + "!"})
    assert wrong_in(project).endswith("not the text of its tokens")


def test_a_forged_token_with_its_text_is_caught(project: Path) -> None:
    from stages.common.llm.bases import load_base_entry
    from stages.common.llm.loading import load_tokenizer

    tokenizer = load_tokenizer(*load_base_entry())

    def forged(row: Completion) -> dict[str, object]:
        ids = [row.token_ids[0], (row.token_ids[1] + 100) % 500 + 5, *row.token_ids[2:]]
        return {"token_ids": ids, "text": tokenizer.decode(ids, clean_up_tokenization_spaces=False)}

    changed(forged)
    wrong = wrong_in(project)
    assert "token 2 lacks" in wrong
    assert wrong.count("\n") == 0  # nothing else is wrong: the arm's line alone


def test_a_cut_and_a_missing_completion_are_caught(project: Path) -> None:
    changed(lambda row: {"ended": "eos" if row.ended == "length" else "length"})
    write_records(GENERATED, read_records(GENERATED, Completion)[:-1])
    wrong = wrong_in(project)
    assert "completions: 44" in wrong
    assert "an end mark, or max_new_tokens tokens: 43 of 44" in wrong


def test_an_arm_without_any_row_is_counted_and_stops_no_other_check(project: Path) -> None:
    rows = read_records(GENERATED, Completion)
    write_records(GENERATED, [row for row in rows if row.arm != rows[0].arm])
    found = found_in(project)
    assert [one.got for one in found if one.what == f"{rows[0].arm}: drawn tokens"] == [
        "there is none to check"
    ]
    assert [one for one in found if one.stage == "score" and one.is_same]


def test_completions_that_cannot_be_read_are_counted_and_named(project: Path) -> None:
    first, second, *others = read_records(GENERATED, Completion)
    unknown = first.model_copy(update={"token_ids": [10**6]})
    write_records(GENERATED, [unknown, second.model_copy(update={"prompt_id": "other"}), *others])
    left = {one.got for one in found_in(project) if one.is_open and one.stage == "generate"}
    assert left == {
        f"with a token that the base does not know: {first.arm} {first.prompt_id} draw {first.draw}",
        f"no such arm, or the arm was not asked this prompt: {second.arm} other draw {second.draw}",
    }


def test_losses_that_are_compared_with_nothing_are_counted_and_named() -> None:
    def loss(person: str) -> ProfileLoss:
        fields: dict[str, TokenLoss] = {}
        return ProfileLoss(
            nll=1, n_tokens=1, source_id=person, data="original", split="test", arm="a/none", fields=fields
        )

    found = list(judged_losses([loss("ann"), loss("eve")], [loss("ann"), loss("bob")], 1e-3))
    assert [(one.what, one.got) for one in found if one.is_open] == [
        ("1 losses", "not on record: a/none original test bob"),
        ("1 losses", "of nobody here: a/none original test eve"),
    ]
    assert [one.is_same for one in found if not one.is_open] == [False, True]


def test_a_forged_loss_is_caught(project: Path) -> None:
    rows = read_records(SCORES, ProfileLoss)
    write_records(SCORES, [rows[0].model_copy(update={"nll": rows[0].nll + 1}), *rows[1:]])
    assert "losses of 18 profiles" in wrong_in(project)


def test_the_dice_draw_what_no_draw_of_the_study_is(project: Path) -> None:
    from thesis.verify.dice.drawing import Dice, draw_new, load_for

    keys = {("tiny+lora/original", "free-profile"), ("tiny+lora/augmented", "free-profile")}
    first, again, other = (draw_new(load_for(Dice(number, 4)), keys) for number in (7, 7, 8))
    assert first == again
    assert [row.draw for row in first] == [1, 2, 3, 4] * 2
    texts = [{row.text for row in rows} for rows in (first, other, read_records(GENERATED, Completion))]
    assert not texts[0] & texts[1]
    assert not texts[0] & texts[2]
