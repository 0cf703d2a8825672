"""Compare the peak memory that `thesis doctor` calculates for a stage with the measured peak.

    python -m benchmarks.memory                # all configurations, one after the other
    python -m benchmarks.memory --only smollm2

Each configuration runs in a separate process, on random weights of its shape, with made-up records of one
length. NF4 needs bitsandbytes; without it those configurations are left out. The largest needs
5 GB of memory and 3 GB of disk for its weights.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from stages.common.llm.bases import Base
from thesis.doctor.amounts import Batch
from thesis.doctor.needs import Work, loading, memory
from thesis.doctor.shapes import Shape

SHAPES = {
    "smollm2": Shape(576, 1536, 30, 9, 3, 49152, 8192, True),
    "llama-2-7b, 2 layers": Shape(4096, 11008, 2, 32, 32, 32000, 4096, False),
    "middle": Shape(1024, 2816, 12, 16, 4, 32000, 2048, False),
    "many words": Shape(1024, 2816, 8, 16, 4, 128256, 8192, True),
    "deep and narrow": Shape(256, 704, 40, 8, 4, 32000, 2048, False),
    "wide": Shape(2048, 5632, 6, 32, 4, 32000, 2048, False),
}
RANK = 16


@dataclass(frozen=True)
class Configuration:
    """One stage on one base; sizes in tokens."""

    shape: str
    stage: Literal["train", "score", "generate"]
    dtype: str = "float32"
    quantization: str = "none"
    checkpointing: bool = False
    records: int = 4
    """Records per pack, or drawn together in `generate`."""
    prompt: int = 128
    """Tokens of the prompt, which all records share."""
    completion: int = 128

    def __str__(self) -> str:
        weights = "nf4" if self.quantization == "nf4" else self.dtype
        checkpointing = ", checkpointing" if self.checkpointing else ""
        return (
            f"{self.shape}, {weights}{checkpointing}, {self.stage}: "
            f"{self.records} x {self.completion} after {self.prompt}"
        )

    def entry(self, folder: Path) -> Base:
        """The configuration as an entry of models/bases.yaml."""
        return Base.model_validate(
            {
                "origin": {"path": str(folder)},
                "sha256": {},
                "licence": "none",
                "may_be_passed_on": True,
                "template": "alpaca",
                "dtype": self.dtype,
                "quantization": self.quantization,
                "gradient_checkpointing": self.checkpointing,
            }
        )

    def predicted(self) -> int:
        """Bytes at the peak of loading and work, as the doctor calculates them."""
        shape = replace(SHAPES[self.shape], stored=self.dtype)
        tokens = self.prompt + self.records * self.completion
        work = Work(
            trained_tokens=tokens,
            scored_tokens=tokens,
            drawn=[Batch(self.records, (self.prompt,))],
            new_tokens=self.completion,
            longest=self.prompt + self.completion,
            longest_completion=self.completion,
            n_lora=shape.n_lora(RANK, "all-linear"),
        )
        base = self.entry(Path())
        return max(loading(shape, base), memory(shape, base, work, holes=sys.platform == "linux")[self.stage])


SMOLLM2 = Configuration("smollm2", "train")
MIDDLE = Configuration("middle", "train", completion=96)
LLAMA = Configuration("llama-2-7b, 2 layers", "train", "bfloat16", "nf4", True, 1, 32, 32)
WIDE = Configuration("wide", "train", checkpointing=True, records=3, prompt=200, completion=150)
WORDS = Configuration("many words", "train", "bfloat16")
DEEP = Configuration("deep and narrow", "train", "bfloat16")
CONFIGURATIONS = [
    SMOLLM2,
    replace(SMOLLM2, checkpointing=True),
    replace(SMOLLM2, records=1),
    replace(SMOLLM2, stage="score", records=40),
    replace(SMOLLM2, stage="generate", records=30, completion=32),
    MIDDLE,
    replace(MIDDLE, checkpointing=True),
    replace(MIDDLE, checkpointing=True, records=8, prompt=64, completion=200),
    replace(MIDDLE, dtype="bfloat16"),
    replace(MIDDLE, stage="score", records=16),
    replace(MIDDLE, stage="generate", records=16, completion=32),
    *(
        replace(one, stage=stage)
        for one in (
            LLAMA,
            replace(LLAMA, quantization="none"),
            replace(LLAMA, dtype="float32", quantization="none"),
        )
        for stage in ("train", "score", "generate")
    ),
    *(
        replace(one, dtype=dtype)
        for one in (
            WIDE,
            replace(WIDE, stage="score", checkpointing=False, records=8, prompt=100, completion=200),
            replace(WIDE, stage="generate", checkpointing=False, records=24, prompt=128, completion=80),
        )
        for dtype in ("float32", "bfloat16")
    ),
    *(
        one
        for few in (WORDS, DEEP)
        for one in (
            few,
            replace(few, checkpointing=True),
            replace(few, checkpointing=True, records=2, prompt=256, completion=400),
            replace(few, dtype="float32", checkpointing=True),
            replace(few, stage="score", records=16),
            replace(few, stage="generate", records=16, completion=64),
        )
    ),
]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="", help="run the configurations whose name contains this text")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="thesis-memory-") as home:
        for one in CONFIGURATIONS:
            if args.only in str(one) and (one.quantization == "none" or find_spec("bitsandbytes")):
                print(line(one, measured(one, Path(home))), flush=True)


def line(one: Configuration, peak: int) -> str:
    predicted = one.predicted()
    both = f"calculated {predicted / 1e9:5.2f} GB  measured {peak / 1e9:5.2f} GB"
    return f"{one!s:75}  {both}  {predicted / peak - 1:+.0%}"


def measured(one: Configuration, home: Path) -> int:
    """Bytes at the peak of a process that does nothing else; another process writes its weights."""
    folder = home / f"{one.shape}-{one.dtype}"
    if not folder.exists():
        for other in home.iterdir():
            shutil.rmtree(other)
        folder.mkdir()
        _in_process(one, folder, "write")
    return int(_in_process(one, folder, "measure"))


def _in_process(one: Configuration, folder: Path, step: str) -> str:
    command = [sys.executable, "-m", "benchmarks.peaks", step, str(folder), json.dumps(asdict(one))]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[1], check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout.strip().splitlines()[-1]


if __name__ == "__main__":
    main()
