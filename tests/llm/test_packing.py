"""What a pack looks like: its trunk, its branches, its targets."""

from hypothesis import given

from stages.common.llm.packing import IGNORED, pack
from stages.common.llm.template import TokenPair
from tests.llm.test_loss import pair_lists


def test_known_pack() -> None:
    # the prompts share 1 2; then 3 | 4 5 go on, each with its completion
    packed = pack([TokenPair([1, 2, 3], [6, 7]), TokenPair([1, 2, 4, 5], [8])])
    # a completion's last token is predicted and predicts nothing: 7 and 8 are no inputs
    assert packed.input_ids.tolist() == [[1, 2, 3, 6, 4, 5]]
    assert packed.position_ids.tolist() == [[0, 1, 2, 3, 2, 3]]
    assert packed.targets.tolist() == [[IGNORED, IGNORED, 6, 7, IGNORED, 8]]
    assert packed.owner.tolist() == [-1, -1, 0, 0, 1, 1]
    assert packed.layout.n_trunk == 2
    assert packed.layout.index.tolist() == [[2, 3], [4, 5]]
    assert packed.layout.used.tolist() == [0, 1, 2, 3]
    assert packed.layout.visible.int().tolist() == [[1, 1, 1, 0], [1, 1, 1, 1]]


def test_a_shorter_branch_ends_before_the_longest() -> None:
    layout = pack([TokenPair([1, 3], [6, 7, 8]), TokenPair([1, 4], [5])]).layout
    # trunk 1; branches 3 6 7 and 4
    assert layout.index.tolist() == [[1, 2, 3], [4, 0, 0]]
    assert layout.used.tolist() == [0, 1, 2, 3]


def test_the_last_token_of_identical_prompts_stays_in_every_branch() -> None:
    packed = pack([TokenPair([1, 2, 3], [6, 7]), TokenPair([1, 2, 3], [8])])
    assert packed.layout.n_trunk == 2
    assert packed.input_ids.tolist() == [[1, 2, 3, 6, 3]]


def test_shared_completions_stay_out_of_the_trunk() -> None:
    packed = pack([TokenPair([1, 2], [6, 7]), TokenPair([1, 2], [6, 7])])
    assert packed.layout.n_trunk == 1
    assert packed.targets.tolist() == [[IGNORED, 6, 7, 6, 7]]


@given(pair_lists)
def test_shapes(pairs: list[TokenPair]) -> None:
    packed = pack(pairs)
    n_trunk = packed.layout.n_trunk
    lengths = [len(pair) - 1 - n_trunk for pair in pairs]
    n_tokens = n_trunk + sum(lengths)
    assert packed.input_ids.shape == packed.position_ids.shape == packed.targets.shape == (1, n_tokens)
    assert packed.owner.shape == (n_tokens,)
    assert packed.layout.index.shape == (len(pairs), max(lengths))
    assert packed.layout.visible.shape == (max(lengths), n_trunk + max(lengths))
    tokens = packed.layout.index.flatten()[packed.layout.used]
    assert tokens.tolist() == list(range(n_trunk, n_tokens))


@given(pair_lists)
def test_trunk_and_branch_are_the_record(pairs: list[TokenPair]) -> None:
    packed = pack(pairs)
    for record, pair in enumerate(pairs):
        own = (packed.owner == -1) | (packed.owner == record)
        assert packed.input_ids[0][own].tolist() == pair.prompt_ids + pair.completion_ids[:-1]
        assert packed.position_ids[0][own].tolist() == list(range(len(pair) - 1))
        targets = [IGNORED] * (len(pair.prompt_ids) - 1) + pair.completion_ids
        assert packed.targets[0][own].tolist() == targets


@given(pair_lists)
def test_the_trunk_is_as_long_as_it_can_be(pairs: list[TokenPair]) -> None:
    n_trunk = pack(pairs).layout.n_trunk
    heads = [pair.prompt_ids[:-1] for pair in pairs]
    assert len({tuple(head[:n_trunk]) for head in heads}) == 1
    assert min(map(len, heads)) == n_trunk or len({head[n_trunk] for head in heads}) > 1
