"""What the command prints, writes and ends with."""

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from tests.thesis.claims.fakes import write_results
from tests.thesis.claims.manuscript.word_file import paragraph, run, write_word
from thesis.cli import app


def claims(*words):
    return CliRunner().invoke(app, ["claims", *words], catch_exceptions=True)


def test_all_pass(study):
    done = claims()
    assert done.exit_code == 0
    lines = done.output.splitlines()
    assert lines[0] == "✓ pass  share    25\u00a0%             metrics/r.json /shares/white~1all"
    assert lines[5:] == [
        "",
        "What these results do not support (1):",
        "  ✗ All of it.",
        "    Nothing was measured.",
        "",
        "5 of 5 claims pass; 1 of 1 sentences of the project's pages are up to date",
    ]


def test_a_number_within_its_tolerance_passes_but_not_exactly(study):
    write_results(study, shares={"white/all": 0.3})
    assert claims().exit_code == 0
    assert "≈ pass  share    30\u00a0%, where 25\u00a0% is printed" in claims().output
    assert claims("--exact").exit_code == 1


def test_a_number_beyond_it_fails_and_no_text_is_made_of_it(study):
    write_results(study, shares={"white/all": 0.5})
    assert claims().exit_code == 1
    assert "✗ FAIL  share" in claims().output
    assert claims().output.endswith("Failing: share\nAfter a new run: thesis claims --update\n")
    for option in ("--latex", "--repro"):
        done = claims(option, "out")
        assert str(done.exception).startswith("out: not written, as 1 of 5 claims fail")
    assert not Path("out").exists()


def test_json(study):
    write_results(study, n=1201)
    found = json.loads(claims("--json").output)
    assert found["claims"][1] == {
        "name": "n",
        "word": "fail",
        "told": "1,200 expected, 1,201 found: 1201 differs by 1, and 0 is allowed",
        "place": "metrics/r.json /n",
        "found": 1201,
        "value": 1200,
    }
    assert found["unsupported"] == [{"claim": "All of it.", "reason": "Nothing was measured."}]


def test_macros(study):
    assert claims("--latex", "claims.tex").exit_code == 0
    text = Path("claims.tex").read_text("utf-8")
    assert r"\expandafter\def\csname claim@share\endcsname{25~\%}" in text
    sentence = r"The share moves by $-$.62 (p < .001)."
    assert rf"\expandafter\def\csname claimsentence@moves\endcsname{{{sentence}}}" in text


def test_sentences_to_copy(study):
    assert claims("--sentences").output.split("\n\n")[1] == "[moves]\nThe share moves by −.62 (p < .001)."


def test_a_word_file(study):
    path = write_word(study / "t.docx", paragraph(run("The share moves by −.62 (p &lt; .001). Also 5.")))
    done = claims("--text", str(path))
    assert done.exit_code == 1
    assert "paragraph 1: 5 in “" in done.output
    assert "2 numbers bound, 0 from elsewhere, 1 bound by no claim, 0 sentences out of date" in done.output
    write_word(path, paragraph(run("The share moves by −.62 (p &lt; .001).")))
    assert claims("--text", str(path)).exit_code == 0


def test_a_page_of_the_project_is_bound_by_its_own_sentences(study):
    assert claims("--text", "page.md").exit_code == 0


def test_a_macro_without_a_claim_is_told(study):
    Path("t.tex").write_text(r"\begin{document}\claim{nobody}\end{document}", "utf-8")
    assert "t.tex: no claims have these names:\n  nobody" in str(claims("--text", "t.tex").exception)


def test_two_wishes_at_once_are_refused(study):
    done = claims("--update", "--sentences")
    assert done.exit_code == 2
    assert "give one of --update and --sentences" in done.output


def test_the_second_checkers_format(study):
    done = claims("--repro", "repro.yaml")
    assert done.output == "repro.yaml: 3 claims; not carried: verdict, p\n"
    content = yaml.safe_load(Path("repro.yaml").read_text("utf-8"))
    assert [one["evidence"][0] for one in content["claims"]] == [
        {
            "kind": "metric",
            "artifact": "metrics-r-json",
            "name": "share",
            "reported": "25",
            "conversion": "percent",
            "pointer": "/shares/white~1all",
        },
        {"kind": "metric", "artifact": "metrics-r-json", "name": "n", "reported": "1200", "pointer": "/n"},
        {
            "kind": "table",
            "artifact": "metrics-t-csv",
            "name": "moves",
            "reported": "-0.62",
            "column": "value",
            "where": {"arm": "tiny+lora/a", "prompt": "free"},
        },
    ]


@pytest.mark.parametrize("name", ["claims.yaml", "params.yaml"])
def test_outside_of_a_project(study, name):
    Path(name).unlink()
    assert f"{name}: not found" in str(claims().exception)
