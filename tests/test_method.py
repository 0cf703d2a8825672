"""docs/method.md defines every table, and promises nothing that is not there."""

from pathlib import Path

import pytest

from stages.common.tables.registry import TABLES

METHOD = (Path(__file__).parents[1] / "docs/method.md").read_text("utf-8")


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_defined(name: str) -> None:
    assert f"`{name}`" in METHOD or f"`{name}.csv`" in METHOD


def test_the_page_calls_nothing_missing_that_exists() -> None:
    assert "not there yet" not in METHOD.split("## The metrics")[1]
