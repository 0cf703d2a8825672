"""A folder with two files of results, a page, and a claims.yaml about them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

RESULTS = {"shares": {"white/all": 0.25}, "p": 0.0004, "n": 1200, "verdict": "stands"}
TABLE = "arm,prompt,n,value\ntiny+lora/a,free,10,-0.616\ntiny+lora/a,other,10,0.2\ntiny/none,free,9,0.4\n"
SHARE = {"file": "metrics/r.json", "pointer": "/shares/white~1all", "value": 0.25, "shown_as": "percent"}
CLAIMS: dict[str, dict[str, Any]] = {
    "share": SHARE
    | {"decimals": 0, "tolerance": 0.1, "sentence": "Of {n} people, {value} are white: this {verdict}."},
    "n": {"file": "metrics/r.json", "pointer": "/n", "value": 1200, "shown_as": "count"},
    "verdict": {"file": "metrics/r.json", "pointer": "/verdict", "value": "stands", "shown_as": "text"},
    "moves": {
        "file": "metrics/t.csv",
        "column": "value",
        "row": {"arm": "<base>+lora/a", "prompt": "free"},
        "value": -0.616,
        "shown_as": "difference",
        "decimals": 2,
        "tolerance": 0.05,
        "below": 0,
        "sentence": "The share moves by {value} (p {p}).",
    },
    "p": {"file": "metrics/r.json", "pointer": "/p", "value": 0.0004, "shown_as": "p"},
}
PAGE = "# Page\n\nWe asked 1,200 people,\nand 25 % of them fit.\n"


def manifest(**changes: Mapping[str, Any]) -> dict[str, Any]:
    """claims.yaml; `changes` are new keys of claims, by name."""
    claims = {name: one | dict(changes.get(name, {})) for name, one in CLAIMS.items()}
    return {
        "claims": claims,
        "unsupported": [{"claim": "All of it.", "reason": "Nothing was measured."}],
        "elsewhere": [{"text": "rank 16", "reason": "a setting"}],
        "pages": {"page.md": ["asked {n} people, and {share} of them"]},
    }


def write_study(folder: Path, **changes: Mapping[str, Any]) -> None:
    (folder / "metrics").mkdir(exist_ok=True)
    write_results(folder)
    (folder / "metrics/t.csv").write_text(TABLE, "utf-8")
    (folder / "page.md").write_text(PAGE, "utf-8")
    (folder / "params.yaml").write_text("base: tiny\n", "utf-8")
    text = yaml.safe_dump(manifest(**changes), sort_keys=False, allow_unicode=True)
    (folder / "claims.yaml").write_text(f"# ours\n{text}", "utf-8")


def write_results(folder: Path, **changes: Any) -> None:
    (folder / "metrics/r.json").write_text(json.dumps(RESULTS | changes), "utf-8")
