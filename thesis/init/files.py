"""The files that `thesis init` writes, and those that it moves away."""

import json
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from stages.common.files import sha256_of
from stages.common.params import PARAMS, load_base_name, load_params
from stages.common.prompts import PROMPTS, load_asked_prompts, load_training_prompts
from stages.common.records import CONDITIONS, Condition
from stages.common.schema import SCHEMA, load_schema
from stages.evaluate.declared import check
from stages.evaluate.params import EvaluateParams
from stages.prepare.params import PrepareParams
from stages.shell.errors import UserError
from stages.train.params import TrainParams
from thesis.claims.manifest import CLAIMS
from thesis.init.draft import Draft
from thesis.init.drafts.contrasts import contrasts
from thesis.init.drafts.prompts import FREE, prompts_yaml
from thesis.init.drafts.splicing import Block, Key, spliced

RAW = Path("data/raw")
DATASHEET = RAW / "DATASHEET.md"
EXTERNAL = Path("data/external")
EXPERIMENTS = Path("experiments/params.yaml")


def contents(draft: Draft) -> dict[Path, bytes]:
    """The content of each file by path, in the order in which a person would read them.

    Raises:
        UserError: if params.yaml lacks what is to be set, or the stages would refuse the drafts.
    """
    texts = {
        SCHEMA: json.dumps(draft.node, indent=2, ensure_ascii=False) + "\n",
        PROMPTS: prompts_yaml(draft.fixed),
        PARAMS: _edited(PARAMS, params_changes(draft)),
        DATASHEET: datasheet(draft),
    }
    if EXPERIMENTS.exists() and (changes := _experiments(draft)):
        texts[EXPERIMENTS] = _edited(EXPERIMENTS, changes)
    _refuse_what_stages_would(texts, draft)
    raw = {RAW / f"{condition}.json": _data(draft, condition) for condition in CONDITIONS}
    return raw | {path: text.encode() for path, text in texts.items()}


def _data(draft: Draft, condition: Condition) -> bytes:
    """The file as it was given; if a field was left out or an id added, its records, one per line."""
    one = draft.given[condition]
    if not draft.people.rewritten[condition]:
        return one.path.read_bytes()
    lines = ",\n".join(json.dumps(record, ensure_ascii=False) for record in one.records)
    return f"[\n{lines}\n]\n".encode()


def params_changes(draft: Draft) -> dict[Key, object]:
    """New values of params.yaml by key."""
    prepare, found = draft.prepare, draft.lengths
    return {
        ("prepare", "seed"): prepare.seed,
        ("prepare", "sample", "n"): prepare.sample.n,
        ("prepare", "sample", "strata"): prepare.sample.strata,
        ("prepare", "numbers", "thousands_separator"): prepare.numbers.thousands_separator,
        ("prepare", "numbers", "units"): prepare.numbers.units,
        **{("prepare", "max_twins", c): getattr(prepare.max_twins, c) for c in CONDITIONS},
        ("train", "common", "max_length"): found.max_length,
        ("generate", "max_new_tokens"): found.max_new_tokens,
        ("evaluate", "contrasts"): Block(contrasts(draft.changed, draft.untied, FREE)),
    }


def left_behind() -> list[Path]:
    """Files about the present data, which must not remain beside those of other people."""
    kept = {RAW / f"{condition}.json" for condition in CONDITIONS} | {DATASHEET}
    answers = EXTERNAL.glob("*/**/*")  # what stands at the top says what the folder is for
    others = [path for path in sorted([*RAW.rglob("*"), *answers, CLAIMS]) if path.is_file()]
    return [path for path in others if path not in kept and "__pycache__" not in path.parts]


def datasheet(draft: Draft) -> str:
    """A datasheet with what is known about the files, and the questions that only a person can answer."""
    lines = [
        f"- `{RAW}/{c}.json`: {len(one.records)} records, made from `{one.path.name}`, sha256 "
        f"`{sha256_of(one.path)}`"
        for c, one in draft.given.items()
    ]
    if draft.people.left_out:
        lines.append(f"- Left out: {', '.join(f'`{p}` ({w})' for p, w in draft.people.left_out.items())}")
    files, today = "\n".join(lines), datetime.now().astimezone().date()
    return f"""# Datasheet

Begun by `thesis init` on {today}; the questions are yours to answer (Gebru et al. 2021,
Datasheets for datasets).

{files}

- Who are these people, or who invented them? Who gathered the data, when, and for what?
- Did they agree to this use? Who may see the files? (This folder is part of the git repository.)
- Who is missing? What do the data not say?
- How was the augmented file made from the original one, and what was meant to stay as it was?
"""


def _experiments(draft: Draft) -> dict[Key, object]:
    """The fields that `make validate` plants effects in; {} if there are not two."""
    other = next((field for field in draft.schema.by_role("attribute", "number")), None)
    if not draft.changed or other is None or other.path == draft.changed[0].field.path:
        return {}
    first = draft.changed[0]
    skew, association = ("validate", "planted", 0, "contrast"), ("validate", "planted", 3, "contrast")
    return {
        (*skew, "field"): first.field.path,
        (*skew, "level"): first.level,
        (*association, "field"): first.field.path,
        (*association, "attribute"): other.path,
    }


def _edited(path: Path, changes: Mapping[Key, object]) -> str:
    try:
        return spliced(path.read_text("utf-8"), changes)
    except KeyError as error:
        raise UserError(
            f"{path}: {error.args[0]} is missing\nRestore the project's file: git checkout {path}"
        ) from None


def _refuse_what_stages_would(texts: Mapping[Path, str], draft: Draft) -> None:
    """Raise what a stage would raise when it reads the drafts."""
    with tempfile.TemporaryDirectory() as folder:
        drafts = {path: Path(folder) / path.name for path in (SCHEMA, PROMPTS, PARAMS)}
        for path, copy in drafts.items():
            copy.write_text(texts[path], "utf-8")
        schema = load_schema(drafts[SCHEMA])
        load_training_prompts(schema, drafts[PROMPTS])
        asked = load_asked_prompts(schema, drafts[PROMPTS])
        load_params(PrepareParams, "prepare", drafts[PARAMS])
        load_params(TrainParams, "train.common", drafts[PARAMS])
        evaluate = load_params(EvaluateParams, "evaluate", drafts[PARAMS]).for_base(load_base_name())
    check(evaluate.contrasts, schema, asked, draft.training)
