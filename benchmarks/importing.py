"""Measure memory and time of `thesis import`: an export of 50 MB needs at most 300 MB.

    python -m benchmarks.importing

Exports consist of random words, with ten answers of the study among them. A separate process reads
each, with --dry-run. Run it in the project's folder.
"""

import argparse
import json
import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.processes import printed
from stages.collect.pasting import text_to_paste
from stages.common.params import read_yaml
from stages.common.prompts import load_asked_prompts
from stages.common.schema import load_schema

N_ANSWERS = 10
MAX_MEGABYTES = 300
WORDS = [
    f"{a}{b}" for a in ("lo", "ré", "mi", "fa", "日本", "so") for b in ("rem", "sit", "dolor", "amet", "🙂")
]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.importing", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--megabytes", type=int, default=50, help="of the export, unpacked")
    megabytes = parser.parse_args().megabytes
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            found = measure(kind, megabytes, Path(folder))
            print(f"{kind:18} {found['megabytes']:5.0f} MB peak  {found['seconds']:5.1f} s", flush=True)


def measure(kind: str, megabytes: int, folder: Path) -> dict[str, float]:
    """One import: peak resident megabytes, seconds, and how many answers it found."""
    source, write = KINDS[kind]
    export = folder / kind
    write(export, megabytes * 10**6)
    options = ["--source", source, "--dry-run", "--json"]
    command = [sys.executable, "-m", "thesis", "import", str(export), *options]
    start = time.monotonic()
    done = printed(command, environment={"PYTHONPATH": str(Path(__file__).parents[1])})
    seconds = time.monotonic() - start
    export.unlink()
    n_found = sum(row["new"] for row in json.loads(done.text)["found"])
    return {"megabytes": done.peak_bytes / 1e6, "seconds": seconds, "n_found": n_found}


def chatgpt_json(path: Path, n_bytes: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        for number, (asked, answer) in enumerate(_turns(n_bytes)):
            conversation = _conversation(number, asked, answer)
            file.write(("," if number else "") + json.dumps(conversation, ensure_ascii=number % 2 == 0))
        file.write("]")


def chatgpt_zip(path: Path, n_bytes: int) -> None:
    plain = path.with_suffix(".json")
    chatgpt_json(plain, n_bytes)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(plain, "conversations.json")
    plain.unlink()


def chatgpt_one(path: Path, n_bytes: int) -> None:
    """Write one conversation of the largest size that is read; its letters need four bytes each in memory."""
    text = "🙂" + "a" * 24 * 10**6
    turns = [*_turns(max(n_bytes - len(text), 10**6)), ("?", text)]
    listed = [_conversation(number, *turn) for number, turn in enumerate(turns)]
    path.write_text(json.dumps(listed, ensure_ascii=False), "utf-8")


def gemini_html(path: Path, n_bytes: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("<html><body>")
        for number, (asked, answer) in enumerate(_turns(n_bytes)):
            date = f"Feb 5, 2026, 10:{number // 60 % 60:02d}:{number % 60:02d} AM PST"
            body = f"Prompted&nbsp;{asked.replace(chr(10), '<br>')}<br>{date}<br><p>{answer}</p>"
            file.write(
                '<div class="outer-cell"><div class="header-cell"><p>Gemini Apps<br></p></div>'
                f'<div class="content-cell mdl-typography--body-1">{body}</div></div>'
            )
        file.write("</body></html>")


KINDS: dict[str, tuple[str, Callable[[Path, int], None]]] = {
    "chatgpt.json": ("chatgpt", chatgpt_json),
    "chatgpt.zip": ("chatgpt", chatgpt_zip),
    "chatgpt-one.json": ("chatgpt", chatgpt_one),
    "gemini.html": ("gemini", gemini_html),
}


def _turns(n_bytes: int) -> Iterator[tuple[str, str]]:
    """Questions and answers, about n_bytes in total; the first ten are of the study."""
    rng, schema = random.Random(1), load_schema()
    prompt = load_asked_prompts(schema)[0]
    n_records = read_yaml(Path("params.yaml"))["collect"]["excerpt_records"]
    for number in range(N_ANSWERS):
        yield text_to_paste(prompt, "none", schema, n_records), f'{{"n": {number}}}'
    size = 0
    while size < n_bytes:
        turn = tuple(" ".join(rng.choices(WORDS, k=rng.randint(5, 600))) for _ in range(2))
        size += sum(len(text.encode()) for text in turn) + 500
        yield turn[0], turn[1]


def _conversation(number: int, asked: str, answer: str) -> dict[str, Any]:
    def node(id_: str, parent: str | None, role: str, text: str) -> dict[str, Any]:
        content = {"content_type": "text", "parts": [text]}
        message = {"id": id_, "author": {"role": role}, "content": content, "create_time": 1.5e9 + number}
        return {"id": id_, "parent": parent, "children": [], "message": message}

    mapping = {"u": node("u", None, "user", asked), "a": node("a", "u", "assistant", answer)}
    return {"title": asked[:30], "conversation_id": f"c{number}", "current_node": "a", "mapping": mapping}


if __name__ == "__main__":
    main()
