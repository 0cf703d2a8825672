"""`thesis ask` in a real terminal, on the tiny Llama; and the real base against `generate`."""

import codecs
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stages.common.llm.bases import BASES, Base
from stages.common.params import load_params, parse, read_yaml
from stages.common.schema import load_schema
from stages.generate.arms import Arm
from stages.generate.params import GenerateParams
from tests.thesis.ask.study import trained_project
from tests.tiny import ROOT, edit_yaml

pytestmark = pytest.mark.slow
MENU = "[q]uit"
SECONDS = 120
STOPPED = (130, -signal.SIGINT)
"""Both are 130 to a shell. An interrupt while torch is imported may end Python by the signal itself."""
CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
"""What a terminal obeys instead of showing it."""


class Terminal:
    """`thesis ask …` on a pseudo-terminal."""

    def __init__(self, folder: Path, *words: str, columns: int = 120) -> None:
        self.main, ours = pty.openpty()
        env = os.environ | {"TERM": "xterm", "COLUMNS": str(columns), "LINES": "40", "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "thesis", "ask", *words],
            cwd=folder,
            env=env | {"THESIS_DEVICE": "cpu"},
            stdin=ours,
            stdout=ours,
            stderr=ours,
            start_new_session=True,
        )
        os.close(ours)
        self.written = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")()  # a read may end within a character

    def seen(self, begin: int = 0) -> str:
        """What is shown from this place of what was written."""
        return CONTROLS.sub("", self.written[begin:])

    def until(self, words: str) -> str:
        """What is shown up to these words."""
        begun, end = len(self.written), time.monotonic() + SECONDS
        while words not in self.seen(begun):
            assert time.monotonic() < end, self.seen()[-3000:]
            self._read()
        return self.seen(begun)

    def type(self, line: str) -> None:
        os.write(self.main, f"{line}\r".encode())

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def ends(self) -> int:
        end = time.monotonic() + SECONDS
        while self.process.poll() is None:
            assert time.monotonic() < end, self.seen()[-3000:]
            self._read()
        return self.process.wait(SECONDS)

    def _read(self) -> None:
        if select.select([self.main], [], [], 0.1)[0]:
            try:
                self.written += self.decoder.decode(os.read(self.main, 65536))
            except OSError:  # Linux: nobody holds the other end any more
                time.sleep(0.05)


@pytest.fixture(scope="module")
def project(tiny_llama: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = trained_project(tmp_path_factory.mktemp("ask") / "project", tiny_llama)
    edit_yaml(folder / "params.yaml", {"generate": {"max_new_tokens": 200}})
    return folder


@pytest.fixture
def ask(project: Path) -> Iterator[Any]:
    begun: list[Terminal] = []

    def start(*words: str, **how: Any) -> Terminal:
        begun.append(Terminal(project, *words, **how))
        return begun[-1]

    yield start
    for terminal in begun:
        terminal.process.kill()
        os.close(terminal.main)


def files(project: Path) -> list[str]:
    return sorted(path.name for path in (project / "data/external").rglob("[0-9]*") if path.is_file())


def test_a_conversation(ask: Any, project: Path) -> None:
    terminal = ask()
    terminal.until("an empty line ends it")
    terminal.type("2")
    shown = terminal.until(MENU)
    assert re.search("╭─ ✚ Base model ─+╮╭─ ● LoRA · original ─", shown.rpartition("draw 1, seed 1")[2])
    assert shown.count("draw 1, seed 1") == 1
    assert shown.partition("draw 1, seed 1")[0].count("╭─ ✚ Base") > 2  # it grew
    terminal.type("s")
    terminal.until(MENU)
    assert files(project) == ["01.md"] * 3
    terminal.type("u")
    terminal.until(MENU)
    assert files(project) == []
    terminal.type("p")
    terminal.until("an empty line ends it")
    terminal.type("Who is [red]that[/red]?\rOne line more.")  # as a paste comes: all at once
    terminal.until("… ")
    terminal.type("")
    assert "[red]that[/red]?" in terminal.until(MENU)
    terminal.type("q")
    assert terminal.ends() == 0


def test_a_paste_with_an_empty_line_and_a_line_beyond_a_terminals_limit(ask: Any) -> None:
    terminal = ask("--arm", "base")
    terminal.until("an empty line ends it")
    long = "word " * 1200
    terminal.type(f"\x1b[200~First.\r\r{long}end.\x1b[201~\r")
    assert "6,0" in terminal.until(MENU)  # 6,012 characters
    terminal.type("q")
    assert terminal.ends() == 0


@pytest.mark.parametrize("begins", ["Starting", "╭─ ✚ Base"])
def test_ctrl_c_ends_one_shot_with_130(ask: Any, project: Path, begins: str) -> None:
    edit_yaml(project / "params.yaml", {"generate": {"max_new_tokens": 6000}})
    terminal = ask("--prompt", "free-profile", "--temperature", "50", "--draws", "200", "--save")
    terminal.until(begins)
    terminal.interrupt()
    assert terminal.ends() in STOPPED
    assert "Traceback" not in terminal.seen()
    assert files(project) == []


def test_ctrl_c_in_the_conversation_goes_back_to_the_menu(ask: Any, project: Path) -> None:
    edit_yaml(project / "params.yaml", {"generate": {"max_new_tokens": 6000}})
    terminal = ask("--draws", "200")  # one may end by itself before it is stopped
    terminal.until("an empty line ends it")
    terminal.type("1")
    terminal.until("╭─ ✚ Base")
    time.sleep(1)
    terminal.interrupt()
    assert "Stopped" in terminal.until(MENU)
    terminal.type("c")
    terminal.until("line ends)")
    for setting in ("max_new_tokens 5", "draws 1"):
        terminal.type(setting)
        terminal.until("line ends)")
    terminal.type("")
    terminal.until(MENU)
    terminal.type("a")
    assert "draw 1, seed 1" in terminal.until(MENU)
    time.sleep(1)  # between prompt and waiting, readline would notice it with the next key alone
    terminal.interrupt()
    assert terminal.ends() == 130


def test_the_real_base_writes_what_generate_writes() -> None:
    import torch
    from peft import LoraConfig, get_peft_model

    from stages.common.llm.loading import load_base, load_tokenizer
    from stages.generate.__main__ import Row, Writer
    from thesis.ask.prompts import Prompt
    from thesis.ask.session import Session

    name = "smollm2-135m"
    base = parse(Base, read_yaml(ROOT / BASES)[name], name)
    params = load_params(GenerateParams, "generate", ROOT / "params.yaml").model_copy(
        update={"max_new_tokens": 24}
    )
    schema = load_schema(ROOT / "data/schema/profile.schema.json")
    tokenizer, plain = load_tokenizer(name, base), load_base(name, base, torch.device("cpu"), "sdpa")
    torch.manual_seed(0)
    lora = LoraConfig(r=4, target_modules="all-linear", task_type="CAUSAL_LM", init_lora_weights=False)
    model = get_peft_model(plain, lora, adapter_name="original").eval()
    writer = Writer(model, tokenizer, base, schema, params, {})
    writer.adapter_sha256 = {"original": "0" * 64}
    session = Session(name, base, model, tokenizer, schema, params, [], writer.adapter_sha256, [])
    prompt = Prompt("free", "Write the profile of one person as JSON.")
    from stages.common.llm.template import prompt_ids

    ids = tuple(prompt_ids(tokenizer, base.template, prompt.text))
    for arm in (Arm(name, "none"), Arm(f"{name}+lora", "original", adapter="original")):
        rows = [*writer.write_rows([Row(arm, prompt.id, number, ids) for number in range(1, 11)])]
        drawn = session.stream(arm, prompt.id, prompt.text, session.settings.changed(draws=2, first_draw=9))
        assert [one.text for one in drawn] == [row.text for row in rows[8:]]
        assert len({row.text for row in rows}) == 10
