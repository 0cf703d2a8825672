"""A value has exactly one place."""

import pytest

from stages.shell.errors import UserError
from thesis.claims.manifest import load_manifest
from thesis.claims.reading import Results


def value(name, **changes):
    return Results().value(load_manifest().claims[name].model_copy(update=changes))


def test_values_of_both_kinds_of_files(study):
    assert [value(name) for name in ("share", "n", "verdict", "moves")] == [0.25, 1200, "stands", -0.616]


@pytest.mark.parametrize(
    ("take", "found"),
    [("smallest", -0.616), ("largest", 0.2), ("mean", -0.208), ("sum", -0.416), ("number", 2)],
)
def test_what_is_taken_of_several_rows(study, take, found):
    # of -0.616 and 0.2
    assert value("moves", row={"arm": "tiny+lora/*"}, take=take) == pytest.approx(found)


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("moves", {"row": {"arm": "nobody"}}, "no rows of 3 fit"),
        ("moves", {"row": {"n": "10"}}, "2 rows of 3 fit"),
        ("moves", {"row": {"who": "10"}}, "no column who; there are arm, prompt, n, value"),
        ("moves", {"column": "arm"}, "tiny.lora/a is no number"),
        ("share", {"pointer": "/shares/black"}, "'black' not found among white/all"),
        ("share", {"pointer": "/shares"}, "is no number and no text"),
        ("share", {"pointer": "/verdict"}, "'stands' cannot be shown as percent"),
        ("share", {"file": "metrics/none.json"}, "metrics/none.json: not found"),
    ],
)
def test_what_cannot_be_read_is_told(study, name, changes, message):
    with pytest.raises(UserError, match=message):
        value(name, **changes)
