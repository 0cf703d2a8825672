"""Batches that a killed stage keeps."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.common.llm.kept import Kept, Known, all_batches
from stages.common.records import Completion, ProfileLoss, TokenLoss

finite = st.floats(allow_nan=False, allow_infinity=False)


def loss(nll: float) -> TokenLoss:
    return TokenLoss(nll=nll, n_tokens=3)


def losses(numbers: Sequence[int]) -> Iterator[list[TokenLoss]]:
    """Batch n holds the losses n and n + 1/3."""
    for number in numbers:
        yield [loss(number), loss(number + 1 / 3)]


def known(n_batches: int) -> list[list[Known]]:
    return [[{"n_tokens": 3}, {"n_tokens": 3}] for _ in range(n_batches)]


def never(numbers: Sequence[int]) -> Iterator[list[TokenLoss]]:
    assert not numbers
    yield from ()


@pytest.fixture
def kept(tmp_path: Path) -> Kept[TokenLoss]:
    return Kept(tmp_path / "abc", TokenLoss)


def test_what_is_kept_is_not_computed_again(kept: Kept[TokenLoss]) -> None:
    first = all_batches(kept, known(3), losses)
    assert first == [*losses(range(3))]
    assert all_batches(kept, known(3), never) == first


def test_an_end_in_between_leaves_the_batches_before_it(
    kept: Kept[TokenLoss], capfd: pytest.CaptureFixture[str]
) -> None:
    def killed(numbers: Sequence[int]) -> Iterator[list[TokenLoss]]:
        yield from losses(numbers[:2])
        raise KeyboardInterrupt

    computed: list[int] = []

    def counted(numbers: Sequence[int]) -> Iterator[list[TokenLoss]]:
        computed.extend(numbers)
        return losses(numbers)

    with pytest.raises(KeyboardInterrupt):
        all_batches(kept, known(5), killed)
    assert all_batches(kept, known(5), counted) == [*losses(range(5))]
    assert computed == [2, 3, 4]
    assert "The stage continues: 2 of 5 batches are done" in capfd.readouterr().err


def _cut_off(text: str) -> str:
    return text[: len(text) // 2]


def _zeros(text: str) -> str:
    return "\0" * len(text)


DAMAGES: list[Callable[[str], str]] = [
    _cut_off,
    _zeros,
    lambda text: "",
    lambda text: "[]",
    lambda text: "{}",
    lambda text: text.replace('"nll": 1.0', '"nll": 1.5'),
    lambda text: text.replace('"n_tokens"', '"tokens"'),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_batch_is_named_and_computed_again(
    kept: Kept[TokenLoss], capfd: pytest.CaptureFixture[str], damage: Callable[[str], str]
) -> None:
    first = all_batches(kept, known(3), losses)
    file = kept.folder / "000001.json"
    whole = file.read_text("utf-8")
    assert damage(whole) != whole
    file.write_text(damage(whole), "utf-8")
    assert all_batches(kept, known(3), losses) == first
    said = capfd.readouterr().err
    assert f"{file}: damaged, or another batch; this one is computed again" in said
    assert "2 of 3 batches are done" in said
    assert file.read_text("utf-8") == whole


def neighbour(kept: Kept[TokenLoss]) -> None:
    (kept.folder / "000001.json").write_bytes((kept.folder / "000002.json").read_bytes())


def stale(kept: Kept[TokenLoss]) -> None:
    """The batch of a run on other inputs, put where this run's was."""
    other = Kept(kept.folder.parent / "def", TokenLoss)
    other.write(1, [loss(1.5), loss(2.5)])
    (other.folder / "000001.json").replace(kept.folder / "000001.json")


def fewer(kept: Kept[TokenLoss]) -> None:
    kept.write(1, [loss(1)])


def more(kept: Kept[TokenLoss]) -> None:
    kept.write(1, [loss(1), loss(4 / 3), loss(1)])


def of_another_record(kept: Kept[TokenLoss]) -> None:
    kept.write(1, [loss(1), TokenLoss(nll=4 / 3, n_tokens=4)])


@pytest.mark.parametrize("put", [neighbour, stale, fewer, more, of_another_record])
def test_a_whole_batch_that_is_not_this_one_is_computed_again(
    kept: Kept[TokenLoss], capfd: pytest.CaptureFixture[str], put: Callable[[Kept[TokenLoss]], None]
) -> None:
    first = all_batches(kept, known(3), losses)
    put(kept)
    assert all_batches(kept, known(3), losses) == first
    assert "000001.json: damaged, or another batch" in capfd.readouterr().err
    assert all_batches(kept, known(3), never) == first


@given(finite, st.dictionaries(st.text(max_size=4), finite, max_size=3))
def test_losses_come_back_to_the_last_bit(
    tmp_path_factory: pytest.TempPathFactory, nll: float, fields: dict[str, float]
) -> None:
    kept = Kept(tmp_path_factory.mktemp("kept"), ProfileLoss)
    parts = {name: loss(value) for name, value in fields.items()}
    row = ProfileLoss(
        source_id="a", data="original", split="test", arm="b/none", nll=nll, n_tokens=3, fields=parts
    )
    kept.write(0, [row])
    found = kept.read(0, [{"source_id": "a"}])
    assert found == [row]
    assert found[0].model_dump_json() == row.model_dump_json()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_texts_come_back_whatever_is_in_them(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    kept = Kept(tmp_path_factory.mktemp("kept"), Completion)
    row = Completion(
        source="a", condition="none", prompt_id="p", draw=1, text=text, seed=2**64, token_ids=[3, 4],
        ended="eos", adapter_sha256=None,
    )  # fmt: skip
    kept.write(0, [row])
    assert kept.read(0, [{"draw": 1}]) == [row]
