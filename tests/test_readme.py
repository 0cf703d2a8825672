"""What the README shows is there, and is what the committed run printed (its numbers: test_claims.py)."""

import re
from pathlib import Path

import pandas as pd
import pytest

from stages.common.look import VERDICT_SYMBOLS, arm_name
from stages.common.params import load_base_name
from stages.common.verdicts import VERDICTS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BASE = load_base_name(ROOT / "params.yaml")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text("utf-8"))
    missing = [link for link in links if not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    shown = set(re.findall(r"(?:^\$ |`|&& )make ([a-z][a-z0-9-]+)", page.read_text("utf-8"), re.MULTILINE))
    assert shown <= targets


def test_the_table_is_that_of_the_committed_run() -> None:
    tables = [pd.read_csv(ROOT / f"metrics/tables/{name}.csv") for name in ("funnel", "diversity")]
    funnel, diversity = (table[table["prompt"] == "free-profile"] for table in tables)
    symbols = {VERDICT_SYMBOLS[one]: one for one in VERDICTS}
    heads = re.search(r"^ arm +prompt +draws +(.*?) +distinct", README, re.MULTILINE)
    shown = re.findall(r"^ (\S.*?)  +free-profile +(\d+) +(.*\d)$", README, re.MULTILINE)
    assert heads
    steps = [symbols[symbol] for symbol in heads[1].split()]
    expected = {}
    for arm, of_arm in funnel.groupby("arm"):
        n_step = dict(zip(of_arm["step"], of_arm["n_step"], strict=True))
        [n_distinct] = diversity[diversity["arm"] == arm]["n_distinct"]
        expected[arm_name(str(arm), BASE)] = [
            of_arm["n"].iloc[0],
            *(n_step[one] for one in steps),
            n_distinct,
        ]
    assert {arm: [int(n), *map(int, counts.split())] for arm, n, counts in shown} == expected


def test_the_words_under_the_picture_are_those_of_the_picture() -> None:
    [words] = re.findall(r"!\[(.*?)\]\(reports/overview.svg\)", README)
    assert f"<title>{words}</title>" in (ROOT / "reports/overview.svg").read_text("utf-8")
