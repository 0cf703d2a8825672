"""claims.yaml says all that is wrong with it at once."""

from pathlib import Path

import pytest
import yaml

from stages.shell.errors import UserError
from tests.thesis.claims.fakes import manifest, write_study
from thesis.claims.manifest import load_manifest


def test_the_base_model_is_named_by_params(study):
    assert load_manifest().claims["moves"].row == {"arm": "tiny+lora/a", "prompt": "free"}


def test_all_mistakes_of_one_kind_are_listed(study):
    write_study(
        study,
        share={"decimals": None, "sentence": "{value} of {nobody}"},
        moves={"pointer": "/a"},
        verdict={"tolerance": 1},
    )
    with pytest.raises(UserError) as found:
        load_manifest()
    rounded = "number, difference, percent, bare_percent, gigabytes"
    assert str(found.value).splitlines() == [
        "claims.yaml: 5 mistakes",
        f"  share: decimals: required with {rounded}, and with nothing else",
        "  verdict: a text has no tolerance, above or below",
        "  moves: a value in a .csv file has a column and no pointer",
        "  share: {nobody} is no claim",
        "  verdict: no sentence prints it",
        "Correct claims.yaml",
    ]


def test_a_typo_is_found(study):
    write_study(study, share={"tolerence": 1})
    with pytest.raises(UserError, match=r"claims\.share\.tolerence: unknown key"):
        load_manifest()


def test_a_sentence_of_a_page_has_words_at_both_ends(study):
    content = manifest() | {"pages": {"page.md": ["asked {n}"]}}
    Path("claims.yaml").write_text(yaml.safe_dump(content), "utf-8")
    with pytest.raises(UserError, match="begins or ends with a number"):
        load_manifest()
