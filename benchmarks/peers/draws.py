"""Draw with transformers' own `generate`: a prompt's draws together, or one at a time.

    python draws.py work.json 10      # the rows of one call

It reads the work that benchmarks.side_by_side wrote, and imports nothing of ours.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, GenerationConfig


def main() -> None:
    """Tokens and seconds, without imports and loading."""
    work, n_rows = json.loads(Path(sys.argv[1]).read_text("utf-8")), int(sys.argv[2])
    model: Any = AutoModelForCausalLM.from_pretrained(work["base"], dtype=torch.float32)
    for name, folder in work["adapters"].items():
        if isinstance(model, PeftModel):
            model.load_adapter(folder, adapter_name=name)
        else:
            model = PeftModel.from_pretrained(model, folder, adapter_name=name)
    model.eval()
    torch.manual_seed(1)
    start, n_tokens = time.perf_counter(), 0
    for asked in work["asked"]:
        if asked["adapter"] is None:
            with model.disable_adapter():
                n_tokens += _draw(model, asked["ids"], n_rows, work)
        else:
            model.set_adapter(asked["adapter"])
            n_tokens += _draw(model, asked["ids"], n_rows, work)
    print(json.dumps({"seconds": time.perf_counter() - start, "n_tokens": n_tokens}))


def _draw(model: Any, ids: list[int], n_rows: int, work: dict[str, Any]) -> int:
    """Tokens of one call; what is padded after the end of a row does not count."""
    settings = GenerationConfig(
        do_sample=True,
        temperature=1.0,
        top_k=0,
        top_p=1.0,
        num_return_sequences=n_rows,
        max_new_tokens=work["max_new_tokens"],
        eos_token_id=work["stops"],
        pad_token_id=work["stops"][0],
    )
    prompt = torch.tensor([ids])
    written = model.generate(
        input_ids=prompt, attention_mask=torch.ones_like(prompt), generation_config=settings
    )[:, len(ids) :]
    stops = set(work["stops"])
    return sum(
        next((n for n, token in enumerate(row) if token in stops), len(row)) for row in written.tolist()
    )


if __name__ == "__main__":
    main()
