"""The rooms of the stage import each other in one direction: as its docstring says."""

import pytest

import stages.evaluate
from tests.imports import ROOT, _imported

STAGE = ROOT / "stages/evaluate"
LINES = [line for line in stages.evaluate.__doc__.splitlines() if line.startswith("    ")]
LAYERS = [line.strip().split("  ")[0].split(", ") for line in LINES]
DEPTH = {room: depth for depth, layer in enumerate(LAYERS) for room in layer}
TOGETHER = {"conversations", "families", "headline", "study", "writing"}


def test_the_docstring_names_every_room():
    assert set(DEPTH) == {path.parent.name for path in STAGE.glob("*/__init__.py")}


@pytest.mark.parametrize("room", DEPTH)
def test_a_room_imports_only_rooms_above_it(room):
    names = [name.split(".") for file in (STAGE / room).glob("*.py") for name in _imported(file)]
    imported = {name[2] for name in names if name[:2] == ["stages", "evaluate"] and len(name) > 2}
    below = {other for other in imported & {*DEPTH} if DEPTH[other] >= DEPTH[room]} - {room}
    assert below | (imported & TOGETHER) == set()
