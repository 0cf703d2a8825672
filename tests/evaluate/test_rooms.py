"""The rooms of the stage import each other in one direction: as its docstring says."""

import pytest

import stages.evaluate
from tests.imports import ROOT, imported

STAGE = ROOT / "stages/evaluate"
LINES = [line for line in stages.evaluate.__doc__.splitlines() if line.startswith("    ")]
LAYERS = [line.strip().split("  ")[0].split(", ") for line in LINES]
DEPTH = {room: depth for depth, layer in enumerate(LAYERS) for room in layer}
SHARED = {
    "params": {"contrasts.declared"},
    "references": set(),
    "units": set(),
    "cells": {"reading.profiles", "values.content", "values.distance"},
    "rows": set(),
}
"""What all rooms share, and what it may import of them."""
TOGETHER = {"conversations", "families", "headline", "study", "tables", "writing"}


def test_the_docstring_names_every_room():
    assert set(DEPTH) == {path.parent.name for path in STAGE.glob("*/__init__.py")}


@pytest.mark.parametrize("room", DEPTH)
def test_a_room_imports_only_rooms_above_it(room):
    names = [name.split(".") for file in (STAGE / room).glob("*.py") for name in imported(file)]
    others = {name[2] for name in names if name[:2] == ["stages", "evaluate"] and len(name) > 2}
    below = {other for other in others & {*DEPTH} if DEPTH[other] >= DEPTH[room]} - {room}
    assert below | (others & TOGETHER) == set()


@pytest.mark.parametrize("module", SHARED)
def test_what_the_rooms_share_imports_little_of_them(module):
    names = [name.split(".") for name in imported(STAGE / f"{module}.py")]
    inner = [name[2:4] for name in names if name[:2] == ["stages", "evaluate"] and len(name) > 3]
    assert {".".join(parts) for parts in inner if parts[0] in DEPTH} <= SHARED[module]
