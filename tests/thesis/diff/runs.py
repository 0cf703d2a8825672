"""Made-up runs under git: few numbers, each with an interval that is known."""

import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from stages.common.calibration import STATE, CalibratedContrast, Calibration
from stages.common.cells import write_table
from stages.common.files import write_json, write_text
from stages.common.made_with import MadeWith
from stages.common.tables.base import NO_BAND, Rate, Row
from stages.common.tables.bias import RepresentationRow
from stages.common.tables.contrasts import ContrastRow
from stages.common.tables.format import RuleRow, ValidityRow
from stages.common.tables.learning import FieldLossRow
from stages.common.tables.registry import TABLES
from stages.common.tables.totals import MeanVariationRow
from stages.evaluate.intervals.rates import clopper_pearson
from stages.evaluate.tables import as_table

PROMPT = "any-cat"
ASKED = [
    {"id": "black", "given": {"coat": "black"}, "template": "x"},
    {"id": PROMPT, "given": {}, "template": "x"},
]
SAMPLING = {"temperature": 1.0, "top_p": 1.0, "top_k": None, "max_new_tokens": 144, "constrained": False}
KINDS = (ValidityRow, RuleRow, RepresentationRow, FieldLossRow, MeanVariationRow, ContrastRow)


def write_run(
    folder: Path,
    *,
    base: str = "tiny",
    n_valid: int = 7,
    loss: float = 15.0,
    rank: int = 16,
    confidence: float = 0.95,
    raw: str = "aa",
    adapter: str = "11",
    calibrated: float | None = None,
) -> None:
    """Write what a run leaves in git. Valid: `n_valid` of 10; loss: -+ 1; a calibrated contrast: -+ 0.1."""
    orig, aug, none = f"{base}+lora/original", f"{base}+lora/augmented", f"{base}/none"
    tables = rows(orig, aug, none, n_valid, loss, confidence)
    for name, kind in TABLES.items():
        if kind in KINDS:
            write_table(folder / f"metrics/tables/{name}.csv", as_table(kind, tables))
    headline: dict[str, Any] = {
        "primary": {"a": 0.8, "b": 0.2, "p": 0.04},
        "valid": {"orig": n_valid / 10, "base": 0.0},
        "loss": {"orig": loss},
        "tv": {"orig": 0.1},
        "rules": {"orig": 0.1},
    }
    write_json(folder / "metrics/evaluate.json", headline)
    params: dict[str, Any] = {
        "base": base,
        "train": {"common": {"lora": {"rank": rank}}},
        "generate": SAMPLING,
        "evaluate": {"confidence": confidence},
    }
    write_yaml(folder / "params.yaml", params)
    write_yaml(folder / "dvc.lock", lock(params, raw, adapter))
    if calibrated is not None:
        write_calibration(folder, orig, aug, calibrated, confidence)


def rows(orig: str, aug: str, none: str, n_valid: int, loss: float, confidence: float) -> list[Row]:
    def rate(k: int) -> Rate:
        low, high = clopper_pearson(k, 10, confidence)
        return Rate(rate=k / 10, low=low, high=high)

    def valid(arm: str, k: int) -> Row:
        return ValidityRow(
            arm=arm, prompt=PROMPT, n=10, n_conversations=10, n_readable=10, n_valid=k, rate=rate(k)
        )

    def white(arm: str, k: int) -> Row:
        low, high = clopper_pearson(k, 10, confidence)
        return RepresentationRow(
            arm=arm, prompt=PROMPT, field="coat", level="white", against="dataset", n=10, n_level=k,
            share_against=0.5, ratio=k / 5, low=low * 2, high=high * 2, band=NO_BAND, p=None,
        )  # fmt: skip

    return [
        valid(orig, n_valid),
        valid(none, 0),
        white(orig, 8),
        white(aug, 2),
        RuleRow(
            arm=orig, prompt=PROMPT, rule="(any)", of="generated", n=10, n_applies=10, n_broken=1,
            rate=rate(1),
        ),
        FieldLossRow(
            arm=orig, prompt="(all)", data="original", field="(content)", role="", n=80, loss=loss,
            low=loss - 1, high=loss + 1,
        ),
        MeanVariationRow(
            arm=orig, prompt=PROMPT, n_fields=2, tv=0.1, low=None, high=None, band_low=None, band_high=None
        ),
        ContrastRow(
            arm="(all)", prompt=PROMPT, contrast="white", kind="declared", primary=True, arm_a=orig,
            arm_b=aug, about_conditions=True, statistic="share", field="coat", level="white", n_a=10, n_b=10,
            value_a=0.8, value_b=0.2, difference=-0.6, low=-0.8, high=-0.1, band_low=-0.4,
            band_high=0.4, p=0.02, p_adjusted=0.04,
        ),
    ]  # fmt: skip


def lock(params: dict[str, Any], raw: str, adapter: str) -> dict[str, Any]:
    given = {"params.yaml": {**params}, "data/prompts.yaml": {"asked": ASKED}}
    return {
        "stages": {
            "prepare": {
                "deps": [
                    {"path": "data/raw/original.json", "md5": raw},
                    {"path": "stages/prepare", "md5": "code"},
                ],
                "outs": [{"path": "data/prepared/original", "md5": raw * 2}],
            },
            "train_original": {
                "deps": [{"path": "data/prepared/original/train.jsonl", "md5": raw * 3}],
                "outs": [{"path": "models/adapters/original", "md5": adapter}],
            },
            "evaluate": {"params": given},
            "report": {"deps": [{"path": "data/of-the-report", "md5": adapter}]},
        }
    }


def write_calibration(folder: Path, orig: str, aug: str, difference: float, confidence: float) -> None:
    contrast = CalibratedContrast(
        contrast="white", arm_a=orig, arm_b=aug, prompt=PROMPT, statistic="share", field="coat",
        level="white", n=2400, n_seeds=6, difference_10=-0.6, p_adjusted_10=0.04, difference=difference,
        low=difference - 0.1, high=difference + 0.1, sd_pairs=0.07, p=0.001, p_flip=0.03, p_adjusted=0.008,
        smallest_shift=0.2, sd_runs=0.05, sd_draws=0.03, seed_share=0.1, verdict="stands",
    )  # fmt: skip
    made = MadeWith(
        adapter_sha256={}, trained_from={}, contrasts={}, prompts={}, schema_sha256="", sampling=SAMPLING,
        alpha=0.05, confidence=confidence,
    )  # fmt: skip
    state = Calibration(made_with=made, draws=200, n_seeds=6, power=(), contrasts=(contrast,))
    write_json(folder / STATE, state.model_dump())


def write_yaml(path: Path, content: Any) -> None:
    text = StringIO()
    YAML().dump(content, text)
    write_text(path, text.getvalue())


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=tester", "-c", "user.email=tester@example.org")
    done = subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path, **run: Any) -> str:
    """Commit a made-up run; the commit."""
    write_run(folder, **run)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "A run")
    return git(folder, "rev-parse", "HEAD")
