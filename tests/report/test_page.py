"""The page against the tables it is made from, on the study about cats."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Hashable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import pandas as pd
import pytest

from stages.common.files import write_metrics, write_text
from stages.common.records import CONDITIONS
from stages.common.tables.base import ALL
from stages.report.__main__ import FIGURES, OVERVIEW, PAGE, TABLES, main
from stages.report.completions import visible
from stages.report.inputs import load_inputs
from stages.report.page import SCRIPTS, script_hash
from stages.report.shares import focus_of, shares
from tests.evaluate.fakes import FREE, draws
from tests.report.study import BARE, HOSTILE, SHOTS, TUNED, Page, completions, write_study
from tests.tiny import ROOT


def rows_by(table: str, *keys: str) -> dict[Hashable, dict[str, Any]]:
    read = pd.read_csv(f"metrics/tables/{table}.csv").set_index(list(keys)).to_dict("index")
    return {key: {str(name): value for name, value in row.items()} for key, row in read.items()}


def test_markup_in_a_completion_is_shown_and_never_run(page: Page):
    assert [tag for tag, _ in page.tags if tag in ("b", "img")] == []
    scripts = [given for tag, given in page.tags if tag == "script" and "type" not in given]
    assert len(scripts) == len(SCRIPTS), "our own"
    text = page.cards["tiny/none", "any-cat", 2]["text"]
    assert text == visible(HOSTILE)
    assert "<script>" in text


def outputs() -> dict[str, bytes]:
    return {file.as_posix(): file.read_bytes() for file in Path("reports").rglob("*") if file.is_file()}


def test_the_same_inputs_give_the_same_bytes_under_another_hash_seed_and_matplotlibrc(cats: Path):
    main()
    first = outputs()
    assert {Path(name).suffix for name in first} == {".svg", ".pdf", ".csv", ".tex", ".md", ".html"}
    shutil.rmtree("reports")
    write_text(cats / "rc/matplotlibrc", "font.size: 30\nsvg.fonttype: none\n")
    changed = {"PYTHONHASHSEED": "7", "MPLCONFIGDIR": str(cats / "rc"), "PYTHONPATH": str(ROOT)}
    done = [sys.executable, "-m", "stages.report"]
    subprocess.run(done, env={**os.environ, **changed}, check=True)
    assert outputs() == first


def test_files_of_an_earlier_run_do_not_stay(cats: Path):
    for folder in (FIGURES, TABLES):
        write_text(folder / "old.csv", "")
    main()
    assert not (FIGURES / "old.csv").exists()
    assert not (TABLES / "old.csv").exists()


def test_every_arm_stands_in_the_table_with_the_numbers_of_the_tables(page: Page):
    validity = [
        {str(k): v for k, v in row.items()}
        for row in pd.read_csv("metrics/tables/validity.csv").to_dict("records")
    ]
    rows = {(row[0], row[1]): row[2:] for row in page.tables["table-arms"][1:]}
    name = load_inputs().name
    expected_of = {(name(row.pop("arm")), row.pop("prompt")): row for row in validity}
    assert set(rows) == set(expected_of)
    for key, row in rows.items():
        expected = expected_of[key]
        assert (int(row[0]), int(row[2])) == (expected["n"], expected["n_valid"])
        assert [float(x) for x in re.findall(r"[\d.]+", row[3])[1:]] == [
            pytest.approx(100 * expected[bound], abs=0.051) for bound in ("low", "high")
        ]
    # 3 of 4 readable, 2 of them the same; the bare base wrote no profile, so nothing to tell apart
    assert (rows[name(TUNED), FREE.id][1], rows[name(TUNED), FREE.id][4]) == ("3", "2")
    assert (rows[name(BARE), FREE.id][1], rows[name(BARE), FREE.id][4:]) == ("0", ["–", "–"])


def test_losses_and_fidelity_equal_their_files(page: Page):
    assert page.tables["table-losses"][1] == ["original", "3", "2.00 (1.75–2.50)", "1.00"]
    variation = rows_by("total_variation", "arm", "prompt", "field")
    header, *rows = page.tables["table-fidelity-any-cat"]
    assert header[2:] == ["coat", "tame"]
    names = {load_inputs().name(arm): arm for arm in (BARE, SHOTS, TUNED)}
    by_arm = {names[row[0]]: row for row in rows}
    # of the arm with examples one coat is valid: no distribution
    assert by_arm[SHOTS][2] == "–"
    for arm, place, field in ((TUNED, 2, "coat"), (SHOTS, 3, "tame")):
        row = variation[arm, FREE.id, field]
        numbers = [float(x) for x in re.findall(r"[\d.]+", by_arm[arm][place])]
        expected = [row["tv"], row["band_low"], row["band_high"], row["low"], row["high"]]
        assert numbers == pytest.approx(expected, abs=0.0051)
        assert ("▲" in by_arm[arm][place]) == (row["tv"] > row["band_high"])


def test_every_gap_is_shown_with_its_reason(page: Page):
    gaps = pd.read_csv("metrics/tables/not_computed.csv", keep_default_na=False)
    told = {(row[0], row[1]) for row in page.tables["table-gaps"][1:]}
    name = load_inputs().name
    arms = [arm if arm == ALL else name(str(arm)) for arm in gaps["arm"]]
    assert told == {*zip(arms, gaps["reason"], strict=True)}


def test_every_link_leads_somewhere(page: Page):
    ids = [given["id"] for _, given in page.tags if given.get("id")]
    assert len(ids) == len(set(ids))
    links = [str(given["href"]).removeprefix("#") for tag, given in page.tags if tag == "a"]
    assert {unquote(link) for link in links if not link.startswith("completions?")} <= set(ids)
    chosen = [dict(parse_qsl(link.partition("?")[2])) for link in links if link.startswith("completions?")]
    asked = {(arm, prompt) for arm, prompt, _ in page.cards}
    assert chosen
    assert {(one["arm"], one["prompt"]) for one in chosen} <= asked


def test_every_picture_says_what_it_shows_and_shares_no_id_with_another(page: Page):
    pictures = [given for tag, given in page.tags if tag == "svg"]
    assert len(pictures) > 2
    assert all(given["role"] == "img" and given["aria-label"] for given in pictures)


def test_every_part_names_what_it_is_for_screen_readers(page: Page):
    ids = {given.get("id") for _, given in page.tags}
    named = [given["aria-labelledby"] for _, given in page.tags if "aria-labelledby" in given]
    assert {*named} <= ids
    scrolled = [given for tag, given in page.tags if given.get("role") in ("region", "group")]
    assert all(given.get("tabindex") == "0" for given in scrolled)
    heads = [given for tag, given in page.tags if tag == "th"]
    assert all(given.get("scope") in ("col", "row") for given in heads)


def test_only_our_own_script_may_run(page: Page):
    policy = next(given["content"] for tag, given in page.tags if tag == "meta" and "http-equiv" in given)
    scripts = re.findall(r"<script>(.*?)</script>", PAGE.read_text("utf-8"), re.DOTALL)
    allowed = " ".join(f"'{script_hash(script)}'" for script in scripts)
    assert f"script-src {allowed}" in str(policy)
    assert "default-src 'none'" in str(policy)
    assert not [name for _, given in page.tags for name in given if name.startswith("on")]


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
        assert load_inputs().name(arm) in picture
    assert "no valid value" in picture
    assert "2 of 3" in picture  # black cats of the tuned arm


def test_a_report_is_made_without_any_readable_profile(cats: Path):
    write_study(cats, [*draws("meow", "", arm=TUNED), *draws("purr", arm=BARE)])
    main()
    assert OVERVIEW.read_text("utf-8").count("no valid value") == 4, "two arms, each in title and picture"
    assert "No draw of any arm fits the schema" in PAGE.read_text("utf-8")


def test_the_focus_is_the_field_that_differs_most_at_the_originals_top_level(cats: Path):
    inputs = load_inputs()
    focus = focus_of(inputs)
    assert focus is not None
    # coat differs by 0.6, tame not at all; among the 10 training cats 6 are black, of the augmented none
    assert (focus.field, focus.level, focus.shares) == ("coat", "black", {"original": 0.6, "augmented": 0.0})
    [level] = shares(inputs).levels
    by_arm = {share.arm: share for share in level.arms}
    assert list(by_arm) == [BARE, SHOTS, TUNED]
    assert (by_arm[TUNED].of, by_arm[TUNED].data) == ("2 of 3", 0.6)
    assert (by_arm[BARE].of, by_arm[BARE].values) == ("", ())


def test_datasets_of_equal_shares_are_not_said_to_differ(cats: Path):
    data = json.loads((cats / "metrics/data.json").read_text("utf-8"))
    data["augmented"]["protected"] = data["original"]["protected"]
    write_metrics(cats / "metrics/data.json", data)
    table = pd.read_csv("metrics/tables/datasets.csv").assign(tv=0.0)
    table.to_csv("metrics/tables/datasets.csv", index=False)
    main()
    text = PAGE.read_text("utf-8")
    assert "differ most" not in text
    assert "have the same shares in every protected field" in text


def test_a_schema_without_protected_fields_is_drawn_without_shares(cats: Path):
    data = json.loads((cats / "metrics/data.json").read_text("utf-8"))
    for condition in CONDITIONS:
        data[condition]["protected"] = {}
    write_metrics(cats / "metrics/data.json", data)
    main()
    assert "No share could be computed" in OVERVIEW.read_text("utf-8")


def test_a_level_named_na_and_a_source_with_markup_stay_what_they_are(cats: Path):
    write_study(cats, [*completions(), *draws("NA", arm="$x_1$ <i>&--> NA/none")])
    main()
    page = Page(PAGE.read_text("utf-8"))
    assert "$x_1$ <i>&--> NA · no data" in {row[0] for row in page.tables["table-arms"]}
    assert not [tag for tag, _ in page.tags if tag == "i"]


def test_the_contents_list_every_section_that_is_there(page: Page):
    headings = [given["id"] for tag, given in page.tags if tag == "h2"]
    links = [str(given["href"])[1:] for tag, given in page.tags if tag == "a" and given.get("href")]
    assert headings == links[1 : 1 + len(headings)]  # the first one skips to the answer
    assert {"answer", "fidelity", "completions"} <= {*headings}
