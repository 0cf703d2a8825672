"""Run `generate` or `score` of the checkout in this folder, and print what its core took.

    PYTHONPATH=. python …/stage.py generate

It imports only what commit 9456b0d and its successors have in common.
"""

import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

GENERATED = Path("data/generated/completions.jsonl")
SCORES = Path("data/scores/nll.jsonl")


def main() -> None:
    """Tokens, and the seconds of drawing or scoring them, without imports, loading and writing."""
    name = sys.argv[1]
    stage: Any = importlib.import_module(f"stages.{name}.__main__")
    place, core, file = {
        "generate": (getattr(stage, "Writer", None), "write", GENERATED),
        "score": (stage, "score_all", SCORES),
    }[name]
    seconds: list[float] = []
    setattr(place, core, _timed(getattr(place, core), seconds))
    stage.main()
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    print(json.dumps({"seconds": sum(seconds), "n_tokens": sum(map(_n_tokens, rows))}))


def _n_tokens(row: dict[str, Any]) -> int:
    """Tokens of a row; completions of the present code have their ids instead of their number."""
    return len(row["token_ids"]) if "token_ids" in row else int(row["n_tokens"])


def _timed(function: Any, seconds: list[float]) -> Any:
    def timed(*args: Any) -> Any:
        start = time.perf_counter()
        result = function(*args)
        seconds.append(time.perf_counter() - start)
        return result

    return timed


if __name__ == "__main__":
    main()
