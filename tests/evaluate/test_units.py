"""What is independent: conversations of a source, and draws by themselves."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from stages.evaluate.cells import cells_of
from stages.evaluate.units import hang_together, least_p, n_exchanges, places_of
from tests.evaluate.clustered import pasted
from tests.evaluate.fakes import cat, draws, study


def test_a_conversation_is_one_unit_within_its_source():
    rows = [
        *pasted([cat(), cat()], [cat()]),
        *pasted([cat()], arm="claude/none"),
        *pasted([cat()], arm="gemini/none"),
        *draws(cat(), cat()),
    ]
    of_arm = {cell.arm: cell for cell in cells_of(rows, study())}
    claude, gemini = of_arm["claude/original"], of_arm["gemini/none"]
    assert claude.units[0] == claude.units[1] != claude.units[2]
    assert of_arm["claude/none"].units[0] == claude.units[0]
    assert gemini.units[0] not in claude.units
    assert [cell.arm for cell in of_arm.values() if cell.clustered] == ["claude/original"]
    assert not hang_together(of_arm["tiny+lora/original"].units)


def test_only_profiles_make_a_cell_clustered():
    [cell] = cells_of(pasted([cat(), "no"], [cat()]), study())
    assert hang_together(cell.units)
    assert not cell.clustered


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([0, 1])), min_size=1, max_size=6))
def test_exchanges_are_counted_as_one_by_one(rows):
    labels, blocks = zip(*rows, strict=True)
    ways = set()
    for order in permutations(range(len(rows))):
        if all(blocks[i] == blocks[j] for i, j in enumerate(order)):
            ways.add(tuple(labels[i] for i in order))
    assert n_exchanges(labels, blocks) == len(ways)


def test_the_least_p_of_few_conversations():
    assert [least_p(*n) for n in ((1, 1), (1, 10), (3, 3))] == [1, 1 / 11, 2 / 20]
    assert places_of("baab").tolist() == [0, 1, 1, 0]
