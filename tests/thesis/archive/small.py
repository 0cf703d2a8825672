"""A small project under git, with a store as `make release` fills it, and no need of DVC."""

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import yaml

from stages.common.files import sha256_of

LLAMA_2 = "Llama 2 Community License"
WHO = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")
MANIFEST = {
    "base": {
        "name": "tiny",
        "identity": "f" * 64,
        "template": "alpaca",
        "dtype": "float32",
        "quantization": "none",
    },
    "condition": "original",
    "data_sha256": {"train": "a" * 64},
    "parameters": {"common": {"steps": 2}, "seed": 1},
}
ANSWER = "data/external/claude/none/free/01.md"
COLLECTED = {
    "source": "claude", "condition": "none", "prompt_id": "free", "draw": 1, "text": "{}",
    "conversation": "a", "ended": "closed", "around": "", "file": ANSWER, "provenance": {},
}  # fmt: skip
RUN = {
    "stage": "train", "seconds": 2.5, "peak_memory_bytes": 1000, "system": "Linux x86_64", "python": "3.11.7",
    "versions": {"torch": "2.13.0+cpu", "dvc": "3.67.1"},
}  # fmt: skip
ADAPTERS = "models/adapters/original"
ADAPTER = {
    "adapter_config.json": b"{}", "adapter_model.safetensors": b"weights",
    "manifest.json": json.dumps(MANIFEST).encode(),
}  # fmt: skip
PLAIN = {
    "data/raw/original.json": "[]\n",
    "data/raw/DATASHEET.md": "# Who the people are\n",
    "stages/train/__init__.py": '"""Train."""\n',
    "stages/train/steps.py": "STEPS = 2\n",
    "params.yaml": "base: tiny\ntrain: {steps: 2, lora: {rank: 16}}\n",
    ANSWER: "{}\n",
    "data/external/README.md": "Answers.\n",
    "CITATION.cff": "title: A study\nabstract: It asks.\nauthors: [{name: The authors}]\nkeywords: [bias]\n",
    "LICENSE": "MIT\n",
    "metrics/train_original.json": json.dumps(
        {
            "n_records": {"train": 3, "validation": 2},
            "n_steps": 2,
            "n_trained_parameters": 10,
            "best_step": 1,
            "validation_loss": {"before": 1.5, "best": 0.25},
        }
    ),
    "run.sh": "#!/bin/sh\n",
}


def md5(content: bytes) -> str:
    return hashlib.md5(content).hexdigest()


class Small:
    """The project, and what is written into it before it is committed."""

    def __init__(self, root: Path, licence: str = "Apache-2.0") -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch", "trunk", ".")
        for name, text in PLAIN.items():
            self.write(name, text)
        (root / "run.sh").chmod(0o755)
        self.write("metrics/runs/train.json", json.dumps({**RUN, "outputs": {ADAPTERS: self._recorded()}}))
        self.write("models/bases.yaml", yaml.safe_dump({"tiny": base_entry(licence)}))
        self._write_pipeline()

    def git(self, *words: str) -> str:
        done = subprocess.run(
            ["git", *WHO, *words], cwd=self.root, capture_output=True, text=True, check=True
        )
        return done.stdout

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def commit(self, message: str = "A run") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message, "--date", "2026-11-29T12:00:01Z")
        return self.git("rev-parse", "HEAD").strip()

    def store(self, content: bytes, ending: str = "") -> str:
        """Put an object into the store; returns its md5, as dvc.lock has it."""
        name = md5(content) + ending
        path = self.root / "release/store/files/md5" / name[:2] / name[2:]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return name

    def store_folder(self, files: dict[str, bytes]) -> str:
        listed = [{"md5": self.store(content), "relpath": name} for name, content in sorted(files.items())]
        return self.store(json.dumps(listed, sort_keys=True).encode(), ".dir")

    def _recorded(self) -> str:
        """The hash of the adapter that the stage's record has."""
        for name, content in ADAPTER.items():
            self.write(f".git/{ADAPTERS}/{name}", content.decode())
        return sha256_of(self.root / ".git" / ADAPTERS)

    def _write_pipeline(self) -> None:
        made = {
            "collect": {
                "data/collected/completions.jsonl": self.store(json.dumps(COLLECTED).encode() + b"\n")
            },
            "train": {
                "models/adapters/original": self.store_folder(ADAPTER),
                "metrics/train_original.json": md5(PLAIN["metrics/train_original.json"].encode()),
            },
            "score": {"it's here.jsonl": self.store(b"")},
        }
        read = {
            "collect": ["data/external"],
            "train": ["data/raw/original.json", "stages/train"],
            "score": ["models/adapters/original/adapter_model.safetensors"],
        }
        inner = {"models/adapters/original/adapter_model.safetensors": md5(b"weights")}
        lock: dict[str, Any] = {"schema": "2.0", "stages": {}}
        for name in ("score", "train", "collect"):
            deps = [{"path": dep, "hash": "md5", "md5": inner.get(dep, "0" * 32)} for dep in read[name]]
            outs = [{"path": out, "hash": "md5", "md5": value} for out, value in made[name].items()]
            lock["stages"][name] = {"cmd": f"python -m {name}", "deps": deps, "outs": outs}
        lock["stages"]["train"]["params"] = {"params.yaml": {"train": {"steps": 2, "lora": {"rank": 16}}}}
        self.write("dvc.lock", yaml.safe_dump(lock, sort_keys=False))
        described = {name: {"cmd": f"python -m {name}", "desc": f"To {name}"} for name in made}
        self.write("dvc.yaml", yaml.safe_dump({"stages": described}))


def base_entry(licence: str) -> dict[str, Any]:
    return {
        "origin": {"hub": "someone/tiny", "revision": "0" * 40},
        "sha256": {"a.bin": "b" * 64},
        "licence": licence,
    }
