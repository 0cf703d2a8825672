"""A study about cats, as the stages before the report leave it, and a reader of the page."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

import pandas as pd
import yaml

from stages.common.cells import write_table
from stages.common.files import write_json, write_metrics, write_records, write_text
from stages.common.pasted import Pasted
from stages.common.records import CONDITIONS, Completion
from stages.common.tables.base import NO_BAND, Band, Rate
from stages.common.tables.fidelity import DistributionRow
from stages.common.tables.learning import BaseGainRow, FieldLossRow, LossRow
from stages.common.tables.registry import TABLES
from stages.common.tables.totals import (
    CompletenessRow,
    CoverageSumRow,
    MeanVariationRow,
    OutsideRow,
    RepeatsRow,
)
from stages.evaluate.learning.base_gains import base_gains
from stages.evaluate.rows import rows_of
from stages.evaluate.study import evaluate
from stages.evaluate.tables import as_table
from stages.evaluate.totals import totals
from stages.evaluate.writing import write_tables
from stages.report.inputs import Inputs
from stages.report.loading import Tables
from tests.evaluate.fakes import FREE, INDOOR, SCHEMA, cat, draws, study
from tests.tiny import ROOT, tiny_base

TUNED, SHOTS, BARE = "tiny+lora/original", "tiny+shots/augmented", "tiny/none"
HOSTILE = (
    '\n<script>document.title = "run"</script></pre>\x00\u202e &amp; '
    '<img src=x onerror="document.title = 1"> no cat'
)
VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """What a page holds: tables by id, cards by arm, prompt and draw, tags with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.data = ""
        self.text = ""
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
            self._rows = self.tables.setdefault(str(given.get("id")), [])
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
        self.text += data
        if "td" in names or "th" in names:
            self._rows[-1][-1] += data
        if self._open and self._open[-1][1].get("id") == "completions-data":
            self.data += data

    @property
    def cards(self) -> dict[tuple[str, str, int], dict[str, Any]]:
        """The cards of the matrix."""
        found = json.loads(self.data)
        return {
            (found["arms"][cell["arm"]]["id"], found["prompts"][cell["prompt"]]["id"], cell["draw"]): cell[
                "card"
            ]
            for cell in found["cells"]
        }


def completions(tuned: Sequence[Any] = ()) -> list[Completion]:
    """Completions: 3 of 4 tuned ones can be read, 2 of 2 with examples, 0 of 2 of the bare base."""
    profiles = [cat(), cat(), cat(coat="white", note="</pre><b>"), HOSTILE]
    return [
        *draws("meow", HOSTILE, arm=BARE),
        *draws(cat(coat="white"), cat(coat="red", paws=4), arm=SHOTS),
        *draws(*(tuned or profiles), arm=TUNED, adapter_sha256="a1"),
        *draws(cat(home={"kind": "indoor"}, mice=0), arm=TUNED, prompt_id=INDOOR.id, adapter_sha256="a1"),
    ]


def write_study(folder: Path, rows: list[Completion], collected: Sequence[Pasted] = ()) -> None:
    """Write what the stages before would have left in `folder`."""
    evaluation = evaluate([*rows, *collected], study(FREE, INDOOR))
    write_json(folder / "data/schema/profile.schema.json", SCHEMA)
    asked = [prompt.model_dump() for prompt in (INDOOR, FREE)]
    write_text(folder / "data/prompts.yaml", yaml.safe_dump({"training": [], "asked": asked}))
    params = {
        "base": "tiny",
        "evaluate": {"alpha": 0.05, "confidence": 0.95, "power": 0.8, "seed": 1, "contrasts": []},
        "generate": {
            "temperature": 1.0,
            "top_p": 1.0,
            "top_k": None,
            "max_new_tokens": 8,
            "constrained": False,
        },
        "score": {"confidence": 0.9},
        "collect": {"sources": ["claude", "gemini"]},
    }
    write_text(folder / "params.yaml", yaml.safe_dump(params))
    write_text(folder / "models/bases.yaml", yaml.safe_dump({"tiny": tiny_base(Path("llama"))}))
    write_json(folder / "metrics/declared.json", {"first_draws": None, "contrasts": []})
    (folder / "docs").mkdir(exist_ok=True)
    shutil.copy(ROOT / "docs/method.md", folder / "docs/method.md")
    write_records(folder / "data/generated/completions.jsonl", rows)
    write_records(folder / "data/collected/completions.jsonl", collected)
    write_records(folder / "data/evaluated/profiles.jsonl", evaluation.profiles)
    write_tables(folder / "metrics/tables", evaluation.rows)
    write_table(folder / "metrics/plots/distributions.csv", as_table(DistributionRow, evaluation.rows))
    write_trainings(folder / "metrics")
    for condition in CONDITIONS:
        write_json(folder / f"models/adapters/{condition}/manifest.json", manifest(condition))


def manifest(condition: str) -> dict[str, Any]:
    """What `train` writes beside an adapter."""
    base = {"name": "tiny", "identity": "ab12", "licence": "none", "may_be_passed_on": True}
    return {
        "base": {**base, "template": "alpaca", "dtype": "float32", "quantization": "none"},
        "condition": condition,
        "data_sha256": {"train": f"{condition}-1", "validation": f"{condition}-2"},
        "parameters": {"common": {"steps": 2, "learning_rate": 0.002, "early_stopping": None}, "seed": 1},
    }


def write_trainings(metrics: Path) -> None:
    """Write loss curves, their ends, the held-out losses, and what `prepare` counted."""
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
    write_json(metrics / "data.json", {condition: _data(condition) for condition in CONDITIONS})
    cells = {
        "tiny/none": {"loss": 2.0, "n": 3, "low": 1.75, "high": 2.5},
        "tiny+lora/original": {"loss": 1.0, "n": 3},
    }
    write_metrics(metrics / "score.json", {"test": dict.fromkeys(CONDITIONS, cells)})


def _data(condition: str) -> dict[str, Any]:
    """Counts of 20 cats of which 16 were kept; in the original data the coat of the sample is 0.25 off."""
    shares = {"original": {"black": 0.6, "white": 0.4}, "augmented": {"white": 1.0}}
    lost = {"total_variation": {"coat": 0.25, "tame": 0.0}, "kolmogorov_smirnov": {"mice": 0.1}}
    return {
        "n_in": 20,
        "n_sampled": 16,
        "n_people": 16,
        "n_refused": 0,
        "n_duplicates": 0,
        "n": {"train": 10, "validation": 3, "test": 3},
        "protected": {"coat": shares[condition], "tame": {"true": 1.0}},
        "lost_by_sampling": {**lost, "n_levels_lost": 1},
    }


R = TypeVar("R")
TOTALS = (CompletenessRow, MeanVariationRow, CoverageSumRow, RepeatsRow, OutsideRow, BaseGainRow)


def made(kind: type[R], /, **given: Any) -> R:
    """A row with these values; columns that the test is not about are empty or 0."""
    blank: dict[Any, Any] = {Band: NO_BAND, Rate: Rate(rate=0.0, low=0.0, high=1.0), str: "", bool: False}
    others = {
        one.name: blank.get(one.type, None if get_args(one.type) else 0) for one in fields(cast(Any, kind))
    }
    return kind(**{**others, **given})


def with_tables(inputs: Inputs, **changes: Sequence[Any]) -> Inputs:
    """The inputs with other rows in some tables, and with the totals of these."""
    kinds = {**TABLES, "distributions": DistributionRow, "losses": LossRow}
    rows = {**inputs.tables.rows, **{kinds[name]: some for name, some in changes.items()}}
    measured = [row for kind, some in rows.items() if kind not in (*TOTALS, LossRow) for row in some]
    added = [*totals(measured, inputs.confidence), *base_gains(rows_of(FieldLossRow, measured))]
    sums = {kind: rows_of(kind, added) for kind in TOTALS}
    return replace(inputs, tables=Tables({**rows, **sums}))
