"""DVC's plots look like the report's figures, and nothing else is drawn or listed beside them."""

import json
import re

import pytest

from stages.common.look import COLORS, IS_FILLED, PAPER
from stages.common.params import read_yaml
from tests.tiny import ROOT

TEMPLATES = {name: (ROOT / f".dvc/plots/{name}.json").read_text("utf-8") for name in ("loss", "shares")}


def scales(name: str, channel: str) -> dict[str, str]:
    """The value of each domain entry of a channel."""
    found = re.search(rf'"{channel}": \{{.*?"scale": (\{{.*?\}})', TEMPLATES[name], re.DOTALL)
    assert found is not None
    scale = json.loads(found[1])
    return dict(zip(scale["domain"], scale["range"], strict=True))


def test_colors_are_those_of_the_report():
    assert scales("loss", "color").items() <= COLORS.items()
    assert scales("shares", "stroke") == COLORS
    assert scales("shares", "fill") == {
        name: color if IS_FILLED[name] else PAPER for name, color in COLORS.items()
    }


def test_names_and_shapes_are_those_that_evaluate_writes():
    # a scale or a list of names would be a second place that says how an arm is drawn
    assert '"shape": {"field": "shape", "type": "nominal", "scale": null}' in TEMPLATES["shares"]
    assert '"calculate": "datum.level + \': \' + datum.name"' in TEMPLATES["shares"]


@pytest.mark.parametrize("kind", ["metrics", "plots"])
def test_stages_list_none_of_their_own(kind):
    # DVC would show every one of them beside those that dvc.yaml lists for people
    assert not [name for name, stage in read_yaml(ROOT / "dvc.yaml")["stages"].items() if kind in stage]


def test_the_headline_alone_is_listed():
    assert read_yaml(ROOT / "dvc.yaml")["metrics"] == ["metrics/evaluate.json"]
