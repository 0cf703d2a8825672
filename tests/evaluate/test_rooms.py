"""The rooms of the stage import each other in one direction: as its docstring says."""

import pytest

import stages.evaluate
from tests.imports import ROOT, imported

STAGE = ROOT / "stages/evaluate"
LINES = [line for line in stages.evaluate.__doc__.splitlines() if line.startswith("    ")]
LAYERS = [line.strip().split("  ")[0].split(", ") for line in LINES]
DEPTH = {room: depth for depth, layer in enumerate(LAYERS) for room in layer}


def test_the_docstring_names_every_room():
    packages = {path.parent.name for path in STAGE.glob("*/__init__.py")}
    modules = {path.stem for path in STAGE.glob("[!_]*.py")}
    assert set(DEPTH) == packages | modules


@pytest.mark.parametrize("room", DEPTH)
def test_a_room_imports_only_rooms_above_it(room):
    files = [*(STAGE / room).glob("*.py"), *STAGE.glob(f"{room}.py")]
    names = [name.split(".") for file in files for name in imported(file)]
    others = {name[2] for name in names if name[:2] == ["stages", "evaluate"] and len(name) > 2} - {room}
    assert {other for other in others if DEPTH[other] >= DEPTH[room]} == set()
