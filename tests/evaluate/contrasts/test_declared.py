"""What params.yaml declares: refused where it cannot be meant."""

from typing import Any

import pytest

from stages.common.params import load_params, parse
from stages.evaluate.declared import MAX_DECLARED, check, filled
from stages.evaluate.params import EvaluateParams
from stages.shell.errors import UserError
from tests.evaluate.fakes import CONTRAST, FREE, PARAMS, contrast, schema, study
from tests.imports import ROOT

WHITE = CONTRAST.model_dump()
WRONG: dict[str, tuple[list[dict[str, Any]], str]] = {
    "no level": ([WHITE | {"level": None}], "the statistic share needs level and field"),
    "a field too many": ([WHITE | {"statistic": "valid"}], "the statistic valid needs no field"),
    "association now": (
        [WHITE | {"statistic": "association", "level": None, "attribute": "breed"}],
        "needs calibration_only: true",
    ),
    "no primary": ([WHITE | {"primary": False}], "exactly one contrast must be primary: true, not 0"),
    "two primary": ([WHITE, WHITE | {"id": "other"}], "exactly one contrast must be primary: true, not 2"),
    "one id twice": ([WHITE, WHITE | {"primary": False}], "duplicate id of contrasts"),
    "no condition": ([WHITE | {"arm_a": "claude"}], "arm_a"),
    "unknown arm of the base": ([WHITE | {"arm_a": "<base>+lroa/original"}], "arm_a"),
    "unknown statistic": ([WHITE | {"statistic": "median"}], "statistic"),
    "unknown key": ([WHITE | {"levle": "white"}], "levle: unknown key"),
    "too many": (
        [WHITE | {"id": f"c{i}", "primary": i == 0} for i in range(MAX_DECLARED + 1)],
        "at most 8",
    ),
}


@pytest.mark.parametrize(("contrasts", "message"), WRONG.values(), ids=WRONG)
def test_wrong_declarations(contrasts: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(UserError) as error:
        parse(EvaluateParams, PARAMS.model_dump() | {"contrasts": contrasts}, "params.yaml: evaluate")
    assert message in str(error.value)


def test_all_that_does_not_exist_is_listed_at_once() -> None:
    wrong = [
        contrast("share", id="one", field="coat", level="pink", prompt="never-asked"),
        contrast("share", id="two", field="shoe", level="red"),
        contrast("mean", id="three", field="coat"),
        contrast("share", id="four", field="coat", level=True),
        contrast("association", field="note", attribute="coat", calibration_only=True),
    ]
    with pytest.raises(UserError) as error:
        check(wrong, schema(), [FREE], study().training)
    lines = str(error.value).splitlines()
    assert lines[0] == "params.yaml: evaluate.contrasts: 6 mistakes"
    assert "  one: prompt never-asked: not asked; there are: any-cat" in lines
    assert "  one: level pink of coat: there are: black, white" in lines
    assert "  two: field shoe: share needs one of: coat, tame, home.kind, breed" in lines
    assert "  three: field coat: mean needs one of: mice" in lines
    assert any(line.endswith("YAML reads yes and no as true and false: quote them") for line in lines)
    check([CONTRAST], schema(), [FREE], study().training)


def test_the_base_is_filled_in() -> None:
    given = contrast("valid", arm_a="<base>/none", arm_b="claude/original")
    [found] = filled([given], "tiny")
    assert (found.arm_a, found.arm_b) == ("tiny/none", "claude/original")


def test_the_default_study_declares_what_it_can_show() -> None:
    params = load_params(EvaluateParams, section="evaluate", path=ROOT / "params.yaml")
    assert len(params.contrasts) <= MAX_DECLARED
    [primary] = [one for one in params.contrasts if one.primary]
    assert primary.about == ("race", "white")
    assert all(one.calibration_only for one in params.contrasts if one.statistic == "association")
