"""A finished project without training: prepared data, and made-up adapters, completions and numbers."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from stages.collect.__main__ import main as collect
from stages.common.evaluated import EvaluatedProfile
from stages.common.files import read_json, read_records, sha256_of, write_json, write_records
from stages.common.params import read_yaml
from stages.common.records import CONDITIONS, Completion, Example, ProfileLoss, TokenLoss
from stages.common.seeds import seed_for
from stages.prepare.__main__ import main as prepare
from stages.shell.used import _filled, _keys_by_file, value_at
from stages.train.manifest import manifest_of
from thesis.verify.hashing import Hasher
from thesis.verify.statement import write_manifest

MADE = {
    "metrics/train_original.json": '{"loss": 0.5}\n',
    "metrics/train_augmented.json": '{"loss": 0.25}\n',
    "metrics/plots/loss_original.csv": "step,loss\n1,0.5\n",
    "metrics/plots/loss_augmented.csv": "step,loss\n1,0.25\n",
    "metrics/score.json": '{"loss": 0.5}\n',
    "metrics/evaluate.json": '{"share": 0.5}\n',
    "metrics/tables/validity.csv": "arm,n\na,1\n",
    "metrics/tables/outside.csv": "arm,n\na,2\n",
    "metrics/plots/distributions.csv": "arm,share\na,0.5\n",
    "reports/report.html": "<p>0.5</p>\n",
    "reports/overview.svg": "<svg/>\n",
    "reports/figures/a.svg": "<svg/>\n",
    "reports/tables/a.csv": "arm,n\na,1\n",
    "requirements.lock": "numpy==2.4.6\n",
}


def finish() -> None:
    """Fill the project in this folder, as if the pipeline had run and been released."""
    prepare()
    collect()
    for condition in CONDITIONS:
        folder = Path("models/adapters") / condition
        folder.mkdir(parents=True)
        (folder / "adapter_model.safetensors").write_bytes(condition.encode() * 100)
        write_json(folder / "manifest.json", manifest_of(condition, seed=1))
    write_completions()
    write_records(Path("data/scores/nll.jsonl"), losses())
    for name, text in MADE.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, "utf-8")
    release()


def release() -> None:
    """Record the files as they are in dvc.lock and in the manifest: a forger can do so too."""
    relock()
    write_manifest(Path.cwd())


def write_completions() -> None:
    """Every draw of every arm, and a profile of each."""
    rows = [*completions()]
    write_records(Path("data/generated/completions.jsonl"), rows)
    profiles = [
        EvaluatedProfile(
            arm=row.arm,
            prompt_id=row.prompt_id,
            draw=row.draw,
            status="invalid",
            profile=None,
            notes=[],
            violations=[],
            broken_rules=[],
            broken_text_rules=[],
        )
        for row in rows
    ]
    write_records(Path("data/evaluated/profiles.jsonl"), profiles)


def completions():
    arms = [("tiny", "none"), *((f"tiny{kind}", c) for kind in ("+shots", "+lora") for c in CONDITIONS)]
    prompts = [one["id"] for one in read_yaml(Path("data/prompts.yaml"))["asked"]]
    for source, condition in arms:
        adapter = sha256_of(Path("models/adapters") / condition) if source.endswith("+lora") else None
        for prompt in prompts:
            for draw in (1, 2):
                yield Completion(
                    source=source,
                    condition=condition,
                    prompt_id=prompt,
                    draw=draw,
                    seed=seed_for(1, f"{source}/{condition}", prompt, draw),
                    text="{}",
                    token_ids=[5, 6],
                    ended="eos",
                    adapter_sha256=adapter,
                )


def losses():
    for arm in ("tiny/none", "tiny+lora/original", "tiny+lora/augmented"):
        for condition in CONDITIONS:
            for split in ("validation", "test"):
                for row in read_records(Path(f"data/prepared/{condition}/{split}.jsonl"), Example):
                    yield ProfileLoss(
                        nll=3.5,
                        n_tokens=3,
                        source_id=row.source_id,
                        data=condition,
                        split=split,
                        arm=arm,
                        fields={"": TokenLoss(nll=1.5, n_tokens=1), "age": TokenLoss(nll=2.0, n_tokens=2)},
                    )


def relock() -> None:
    """Write dvc.lock for the files and params that are there."""
    hasher, content, stages = Hasher(Path.cwd()), cache(lambda file: read_yaml(Path(file))), {}
    for name, entry in yaml.safe_load(Path("dvc.yaml").read_text("utf-8"))["stages"].items():
        outs = [out if isinstance(out, str) else next(iter(out)) for out in entry["outs"]]
        params = {
            file: {key: value_at(content(file), key) for key in keys}
            for file, keys in _keys_by_file(entry.get("params", [])).items()
        }
        stages[name] = {
            "cmd": entry["cmd"],
            "deps": [{"path": path, "md5": hasher.md5(path)} for path in map(_filled, entry["deps"])],
            "params": params,
            "outs": [{"path": path, "md5": hasher.md5(path)} for path in outs],
        }
    Path("dvc.lock").write_text(yaml.safe_dump({"schema": "2.0", "stages": stages}, sort_keys=False), "utf-8")


def edit(path: str, old: str, new: str) -> None:
    """Edit a file so that its size and its time stay the same."""
    file, stat = Path(path), Path(path).stat()
    text = file.read_text("utf-8")
    assert old in text
    assert len(old) == len(new)
    file.write_text(text.replace(old, new, 1), "utf-8")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert file.stat().st_size == stat.st_size


def rows(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]


def write_rows(path: str, content: list[dict[str, Any]]) -> None:
    Path(path).write_text("".join(f"{json.dumps(row)}\n" for row in content), "utf-8")


def change_json(path: str, **changes: object) -> None:
    write_json(Path(path), read_json(Path(path)) | changes)
