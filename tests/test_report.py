"""The report against the tables it is made from, on the study about cats."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Hashable, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from stages.common.files import write_json, write_metrics, write_records, write_table, write_text
from stages.common.records import CONDITIONS, Completion
from stages.evaluate.distributions import DistributionRow
from stages.evaluate.rows import as_table
from stages.evaluate.study import evaluate
from stages.evaluate.writing import write_tables
from stages.report.__main__ import OVERVIEW, PAGE, main
from stages.report.completions import visible
from stages.report.inputs import load_inputs
from stages.report.shares import arm_shares, focus_of, null_band
from tests.evaluate.fakes import FREE, INDOOR, SCHEMA, cat, draws, study

TUNED, SHOTS, BARE = "tiny+lora/original", "tiny+shots/augmented", "tiny/none"
HOSTILE = '\n<script>alert("1")</script></pre>\x00\u202e &amp; no cat'
VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """What a page holds: tables by id, text by id of its details, tags with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.pre: dict[str, str] = {}
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self._rows: list[list[str]] = []
        self.feed(text)
        self.close()
        assert self._open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag not in VOID:
            self._open.append((tag, given))
        if tag == "table":
            self._rows = self.tables.setdefault(given.get("id") or given.get("class") or "", [])
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        names = [tag for tag, _ in self._open]
        if "td" in names or "th" in names:
            self._rows[-1][-1] += data
        if "pre" in names:
            inner = [given["id"] for tag, given in self._open if tag == "details" and given.get("id")]
            if inner:
                self.pre[str(inner[-1])] = self.pre.get(str(inner[-1]), "") + data


def completions(tuned: Sequence[Any] = ()) -> list[Completion]:
    """3 of 4 readable when tuned; 2 of 2 shown examples; none of 2 of the bare base."""
    profiles = [cat(), cat(), cat(coat="white", note="</pre><b>"), HOSTILE]
    return [
        *draws("meow", HOSTILE, arm=BARE),
        *draws(cat(coat="white"), cat(coat="red"), arm=SHOTS),
        *draws(*(tuned or profiles), arm=TUNED),
        *draws(cat(home={"kind": "indoor"}, mice=0), arm=TUNED, prompt_id=INDOOR.id),
    ]


def write_study(folder: Path, rows: list[Completion]) -> None:
    """What the stages before would have left in `folder`."""
    evaluation = evaluate(rows, study(FREE, INDOOR))
    write_json(folder / "data/schema/profile.schema.json", SCHEMA)
    asked = [prompt.model_dump() for prompt in (INDOOR, FREE)]
    write_text(folder / "data/prompts.yaml", yaml.safe_dump({"training": [], "asked": asked}))
    params = {"base": "tiny", "evaluate": {"confidence": 0.95, "seed": 1}, "score": {"confidence": 0.9}}
    write_text(folder / "params.yaml", yaml.safe_dump(params))
    write_records(folder / "data/generated/completions.jsonl", rows)
    write_records(folder / "data/evaluated/profiles.jsonl", evaluation.profiles)
    write_tables(folder / "metrics/tables", evaluation.rows)
    write_table(folder / "metrics/plots/distributions.csv", as_table(DistributionRow, evaluation.rows))
    write_losses(folder / "metrics")


def write_losses(metrics: Path) -> None:
    shares = {"original": {"black": 0.6, "white": 0.4}, "augmented": {"white": 1.0}}
    sizes = {"train": 10, "validation": 3, "test": 3}
    same = {"true": 1.0}
    for condition in CONDITIONS:
        curve = [
            (condition, "validation", 0, 2.0),
            (condition, "train", 1, 1.5),
            (condition, "validation", 1, 1.0),
        ]
        table = pd.DataFrame(curve, columns=["condition", "split", "step", "loss"])
        write_table(metrics / f"plots/loss_{condition}.csv", table)
        losses = {"validation_loss": {"before": 2.0, "best": 1.0, "last": 1.0}}
        counts = {"best_step": 1, "n_steps": 1, "n_trained_parameters": 1234}
        write_metrics(metrics / f"train_{condition}.json", {**losses, **counts})
    people = {
        c: {"n_people": 16, "n_refused": 0, "n": sizes, "protected": {"coat": shares[c], "tame": same}}
        for c in CONDITIONS
    }
    write_json(metrics / "data.json", people)
    cells = {
        "tiny/none": {"loss": 2.0, "n": 3, "low": 1.75, "high": 2.5},
        "tiny+lora/original": {"loss": 1.0, "n": 3},
    }
    write_metrics(metrics / "score.json", {"test": dict.fromkeys(CONDITIONS, cells)})


def rows_by(table: str, *keys: str) -> dict[Hashable, dict[str, Any]]:
    read = pd.read_csv(f"metrics/tables/{table}.csv").set_index(list(keys)).to_dict("index")
    return {key: {str(name): value for name, value in row.items()} for key, row in read.items()}


@pytest.fixture
def cats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_study(tmp_path, completions())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def page(cats: Path) -> Page:
    main()
    return Page(PAGE.read_text("utf-8"))


def test_markup_in_a_completion_is_shown_and_never_run(page: Page):
    assert not [tag for tag, _ in page.tags if tag in ("script", "b")]
    assert page.pre["tiny/none/any-cat/2"] == "\n" + visible(HOSTILE)
    assert "<script>" in page.pre["tiny/none/any-cat/2"]


def test_the_same_inputs_give_the_same_bytes_under_another_hash_seed_and_matplotlibrc(cats: Path):
    main()
    first = OVERVIEW.read_bytes(), PAGE.read_bytes()
    shutil.rmtree("reports")
    write_text(cats / "rc/matplotlibrc", "font.size: 30\nsvg.fonttype: none\n")
    root = Path(__file__).parents[1]
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "7",
        "MPLCONFIGDIR": str(cats / "rc"),
        "PYTHONPATH": str(root),
    }
    subprocess.run([sys.executable, "-m", "stages.report"], env=environment, check=True)
    assert (OVERVIEW.read_bytes(), PAGE.read_bytes()) == first


def test_every_arm_stands_in_the_table_with_the_numbers_of_the_tables(page: Page):
    validity = rows_by("validity", "arm", "prompt")
    rows = {(row[0], row[1]): row[2:] for row in page.tables["table-arms"][1:]}
    assert set(rows) == set(validity)
    for key, row in rows.items():
        expected = validity[key]
        assert (int(row[0]), int(row[2])) == (expected["n"], expected["n_valid"])
        assert [float(x) for x in re.findall(r"[\d.]+", row[4])] == [
            pytest.approx(100 * expected[bound], abs=0.051) for bound in ("low", "high")
        ]
    # 3 of 4 readable, 2 of them the same; the bare base wrote no profile, so nothing to tell apart
    assert (rows[TUNED, FREE.id][1], rows[TUNED, FREE.id][5]) == ("3", "2")
    assert (rows[BARE, FREE.id][1], rows[BARE, FREE.id][5:]) == ("0", ["–", "–"])


def test_losses_and_fidelity_equal_their_files(page: Page):
    assert page.tables["table-losses"][1] == ["original", "3", "2.00 (1.75–2.50)", "1.00"]
    variation = rows_by("total_variation", "arm", "prompt", "field")
    header, *rows = page.tables["fidelity"]
    assert header[2:] == ["coat", "tame"]
    by_arm = {row[0]: row for row in rows[:2]}
    for arm in (TUNED, SHOTS):
        row = variation[arm, FREE.id, "coat"]
        numbers = [float(x) for x in re.findall(r"[\d.]+", by_arm[arm][2])]
        assert numbers == pytest.approx([row["tv"], row["band_low"], row["band_high"]], abs=0.0051)
        assert ("▲" in by_arm[arm][2]) == (row["tv"] > row["band_high"])


def test_every_gap_is_told_with_its_reason(page: Page):
    gaps = pd.read_csv("metrics/tables/not_computed.csv", keep_default_na=False)
    told = {(row[0], row[1]) for row in page.tables["table-gaps"][1:]}
    assert told == {(row.arm, row.reason) for row in gaps.itertuples()}


def test_every_completion_has_its_own_address(page: Page):
    ids = [given["id"] for _, given in page.tags if given.get("id")]
    assert len(ids) == len(set(ids))
    assert {f"{row.arm}/{row.prompt_id}/{row.draw}" for row in completions()} <= set(ids)
    assert [given.get("role") for tag, given in page.tags if tag == "svg"] == ["img"]
    links = [given["href"] for tag, given in page.tags if tag == "a"]
    assert all(link and link.startswith("#") for link in links)


def test_the_page_asks_the_network_for_nothing(page: Page):
    for _, given in page.tags:
        for name in ("src", "href", "xlink:href", "srcset", "data", "poster"):
            assert (given.get(name) or "#").startswith("#")
    text = PAGE.read_text("utf-8")
    assert not re.search(r"@import|url\((?!#)", text)
    assert set(re.findall(r'(\S+)="https?:', text)) == {"xmlns:xlink", "xmlns"}


def test_the_picture_names_every_arm_and_does_without_profiles(cats: Path):
    main()
    picture = OVERVIEW.read_text("utf-8")
    for arm in (TUNED, SHOTS, BARE):
        assert f'id="arm:{arm}"' in picture
    assert "<!-- no readable profile -->" in picture
    assert "<!-- 2 of 3 -->" in picture  # black cats of the tuned arm


def test_nothing_readable_at_all_is_still_a_report(cats: Path):
    write_study(cats, [*draws("meow", "", arm=TUNED), *draws("purr", arm=BARE)])
    main()
    assert OVERVIEW.read_text("utf-8").count("<!-- no readable profile -->") == 2
    assert "No arm has a readable profile" in PAGE.read_text("utf-8")


def test_the_focus_is_the_field_that_differs_most_at_the_originals_top_level(cats: Path):
    inputs = load_inputs()
    focus = focus_of(inputs)
    assert focus is not None
    # coat differs by 0.6, tame not at all; among the 10 training cats 6 are black, of the augmented none
    assert (focus.field, focus.level, focus.shares) == ("coat", "black", {"original": 0.6, "augmented": 0.0})
    shares = {share.arm: share for share in arm_shares(inputs, focus)}
    assert list(shares) == [BARE, SHOTS, TUNED]
    assert (shares[TUNED].n_with_level, shares[TUNED].n) == (2, 3)
    assert (shares[BARE].n, shares[BARE].share) == (0, None)


def test_a_schema_without_protected_fields_is_drawn_without_shares(cats: Path):
    data = json.loads((cats / "metrics/data.json").read_text("utf-8"))
    for condition in CONDITIONS:
        data[condition]["protected"] = {}
    write_metrics(cats / "metrics/data.json", data)
    main()
    assert "Profiles with" not in OVERVIEW.read_text("utf-8")


def test_a_level_named_na_and_a_source_with_markup_stay_what_they_are(cats: Path):
    write_study(cats, [*completions(), *draws("NA", arm="$x_1$ <i>&--> NA/none")])
    main()
    page = Page(PAGE.read_text("utf-8"))
    assert "$x_1$ <i>&--> NA/none" in {row[0] for row in page.tables["table-arms"]}
    assert not [tag for tag, _ in page.tags if tag == "i"]


def test_null_band_is_the_binomials():
    # of 3 fair coins, 0 heads has probability 1/8 > 0.025: every outcome lies within
    assert null_band(0.5, 3, 0.95) == (0.0, 1.0)
    # of 10 at 0.78: P(<= 4) = .0098, P(<= 5) = .0404; P(<= 9) = .917 < .975
    assert null_band(0.78, 10, 0.95) == (0.5, 1.0)
