"""Draw with llama.cpp: sequences that share their prompt's cells, all rows of a step in one batch.

It reads the work that benchmarks.side_by_side wrote, and imports nothing of ours. Each adapter is
merged into a file of weights of its own.
"""

import ctypes
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import llama_cpp as llama

CELLS = 16_384
"""Of the cache: more than the longest prompts and all their draws need."""


def main() -> None:
    """Tokens and seconds, without imports and loading."""
    work = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    llama.llama_log_set(_SILENT, ctypes.c_void_p(0))
    llama.llama_backend_init()
    seconds, n_tokens = 0.0, 0
    for adapter, file in work["gguf"].items():
        asked = [one["ids"] for one in work["asked"] if str(one["adapter"]) == adapter]
        model, context = _loaded(file, work["batch_size"])
        per_batch = work["batch_size"] // work["draws"]  # prompts
        start = time.perf_counter()
        for first in range(0, len(asked), per_batch):
            n_tokens += _draw(model, context, asked[first : first + per_batch], work)
        seconds += time.perf_counter() - start
        llama.llama_free(context)
        llama.llama_model_free(model)
    print(json.dumps({"seconds": seconds, "n_tokens": n_tokens}))


@llama.llama_log_callback  # type: ignore[untyped-decorator]
def _SILENT(level: int, text: bytes, data: Any) -> None:
    pass


def _loaded(file: str, n_rows: int) -> tuple[Any, Any]:
    model = llama.llama_model_load_from_file(file.encode(), llama.llama_model_default_params())
    if not model:
        raise SystemExit(f"llama.cpp cannot load {file}")
    params = llama.llama_context_default_params()
    params.n_ctx, params.n_batch, params.n_ubatch, params.n_seq_max = CELLS, 2048, 512, n_rows
    params.n_threads = params.n_threads_batch = os.cpu_count() or 1
    params.kv_unified = True  # cells of a prompt are stored once for all its draws
    params.type_k = params.type_v = llama.GGML_TYPE_F32
    return model, llama.llama_init_from_model(model, params)


def _draw(model: Any, context: Any, prompts: list[list[int]], work: dict[str, Any]) -> int:
    """Tokens of all draws of some prompts, in parallel sequences."""
    memory, n_draws = llama.llama_get_memory(context), work["draws"]
    llama.llama_memory_clear(memory, True)
    batch = llama.llama_batch_init(2048, 0, 1)
    last: dict[int, tuple[int, int]] = {}  # by sequence: the token that is read next, and its position
    for place, ids in enumerate(prompts):
        first = place * n_draws
        read = [(token, position, first) for position, token in enumerate(ids[:-1])]
        _decode(context, batch, read, wanted=False)
        for row in range(first, first + n_draws):
            if row > first:
                llama.llama_memory_seq_cp(memory, first, row, -1, -1)
            last[row] = (ids[-1], len(ids) - 1)
    samplers = {row: llama.llama_sampler_init_dist(row + 1) for row in last}
    stops, n_tokens = set(work["stops"]), 0
    for _ in range(work["max_new_tokens"]):
        rows = [*last]
        _decode(context, batch, [(*last[row], row) for row in rows], wanted=True)
        for number, row in enumerate(rows):
            token = llama.llama_sampler_sample(samplers[row], context, number)
            if token in stops:
                del last[row]
            else:
                n_tokens += 1
                last[row] = (token, last[row][1] + 1)
        if not last:
            break
    for sampler in samplers.values():
        llama.llama_sampler_free(sampler)
    llama.llama_batch_free(batch)
    return n_tokens


def _decode(context: Any, batch: Any, tokens: list[tuple[int, int, int]], *, wanted: bool) -> None:
    """Read tokens, (token, position, sequence) each; their logits are computed if `wanted`."""
    batch.n_tokens = len(tokens)
    for number, (token, position, sequence) in enumerate(tokens):
        batch.token[number], batch.pos[number] = token, position
        batch.n_seq_id[number], batch.seq_id[number][0] = 1, sequence
        batch.logits[number] = wanted
    if llama.llama_decode(context, batch):
        raise SystemExit("llama.cpp could not decode a batch")


if __name__ == "__main__":
    main()
