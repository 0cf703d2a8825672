"""The same claims as a repro.yaml, the format of PyPI's `reproducible-science`: a second checker.

It pins every file by sha256 and reads it with code that is not ours. It carries numbers in JSON and CSV
files, their rounding, and the smallest, largest or mean of several cells. What it does not carry:
texts, p-values printed as "< .001", bytes printed as gigabytes (three are left out), tolerances beside a
rounding, limits of a sentence, and what the results do not support.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from stages.common.files import sha256_of
from thesis.claims.manifest import Claim, Manifest
from thesis.claims.printing import printed
from thesis.claims.reading import Results

KINDS = {"number", "difference", "percent", "bare_percent", "count", "word", "p"}
STATISTICS = {"smallest": "min", "largest": "max", "mean": "mean", "sum": "sum", "number": "count"}
MEDIA = {".json": "application/json", ".yaml": "application/yaml", ".csv": "text/csv"}


def as_repro(manifest: Manifest, results: Results, sentences: Mapping[str, str]) -> tuple[str, list[str]]:
    """Text of a repro.yaml, and the names of the claims that its format cannot carry.

    Args:
        sentences: what the thesis says for a claim, numbers filled in.
    """
    carried = {name: one for name, one in manifest.claims.items() if _is_carried(one)}
    files = dict.fromkeys(one.file for one in carried.values())
    content = {
        "artifacts": [_artifact(results.folder, file) for file in files],
        "claims": [
            {"id": name, "text": sentences.get(name, one.place), "evidence": [_evidence(name, one, results)]}
            for name, one in carried.items()
        ],
    }
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)
    return text, [name for name in manifest.claims if name not in carried]


def _is_carried(claim: Claim) -> bool:
    return claim.shown_as in KINDS and "<" not in printed(claim.value, claim)


def _artifact(folder: Path, file: str) -> dict[str, Any]:
    return {
        "id": _identifier(file),
        "path": file,
        "digest": {"algorithm": "sha256", "value": sha256_of(folder / file)},
        "media_type": MEDIA[Path(file).suffix],
    }


def _identifier(file: str) -> str:
    """
    >>> _identifier("metrics/tables/funnel.csv")
    'metrics-tables-funnel-csv'
    """
    return file.replace("/", "-").replace(".", "-")


def _evidence(name: str, claim: Claim, results: Results) -> dict[str, Any]:
    """One assertion: the digits that are printed, and where they come from."""
    about: dict[str, Any] = {"name": name, "reported": reported(claim)}
    if "percent" in claim.shown_as:
        about["conversion"] = "percent"
    file = _identifier(claim.file)
    if claim.pointer is not None:
        return {"kind": "metric", "artifact": file, **about, "pointer": claim.pointer}
    if claim.take is None:
        return {"kind": "table", "artifact": file, **about, "column": claim.column, "where": claim.row}
    members = [
        {"artifact": file, "locator": {"kind": "table", "column": claim.column, "where": where}}
        for where in results.wheres(claim)
    ]
    about |= {"statistic": STATISTICS[claim.take], "count": len(members), "members": members}
    return {"kind": "aggregate", **about}


def reported(claim: Claim) -> str:
    """The printed digits as that format writes numbers."""
    if claim.shown_as == "word":
        return str(claim.value)
    text = printed(claim.value, claim).replace("−", "-").replace(",", "").strip("\u00a0%+")
    return text.replace("-.", "-0.") if not text.startswith(".") else f"0{text}"
