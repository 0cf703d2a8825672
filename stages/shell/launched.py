"""Start a stage in several processes: `THESIS_LAUNCHER="torchrun --nproc_per_node 2" dvc repro`.

The command in dvc.yaml stays the same. The process that dvc runs starts the launcher with the stage's own
module, waits, and ends as the launcher does. How many processes compute is no part of a result.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from signal import SIGKILL

from stages.shell.ending import GRACE_SECONDS, stoppable
from stages.shell.errors import UserError, run
from stages.shell.rank import LAUNCHED, RANK, last_words, rank
from stages.shell.runs import WORK

LAUNCHER = "THESIS_LAUNCHER"
LOST = f"""
A process of {LAUNCHER} ended early (code {{code}}); what it said is above. The others were ended.
Nothing was recorded. Run again: dvc repro (a training continues from its last checkpoint, draws and scores
continue from their last batch)
"""
UNSTARTED = f"""
{LAUNCHER} is {{words!r}}. It ended with code {{code}} before it started the stage; what it said is above
Check its words and options, or compute in one process: unset {LAUNCHER}
"""
UNNUMBERED = f"""{LAUNCHER} started a process without its number ({RANK}): each would compute everything
Use torchrun, or on a computer without graphics cards: accelerate launch --multi_gpu
To compute in one process: unset {LAUNCHER}"""
SIGNAL = 128
"""A shell adds it to the number of the signal that ended a command."""


def start(main: Callable[[], None]) -> None:
    """Run a stage's `main`: here, or in the processes of THESIS_LAUNCHER if it is set.

    A process that a launcher started, ours or one typed by hand, starts no other.
    """
    if folder := last_words():
        _run_as_rank(main, folder)
    elif (words := os.environ.get(LAUNCHER, "").strip()) and RANK not in os.environ:
        run(partial(_launch, words))
    else:
        run(main)


def _run_as_rank(main: Callable[[], None], folder: Path) -> None:
    """Run `main`; its message goes to the process that waits, which shows it last and once."""
    folder.mkdir(parents=True, exist_ok=True)  # so the process that waits knows that one began
    try:
        run(main if RANK in os.environ else _refuse_unnumbered)
    except SystemExit as end:
        if isinstance(end.code, str):
            (folder / str(rank())).write_text(end.code, "utf-8")
            sys.exit(1)
        raise


def _refuse_unnumbered() -> None:
    raise UserError(UNNUMBERED)


def _launch(words: str) -> None:
    """Start the launcher and wait for its end.

    It gets a session of its own: Ctrl-C in a terminal comes to us alone, and we end the launcher.
    """
    command = [*_found(words), "-m", _module(), *sys.argv[1:]]
    folder = (WORK / "launched" / str(os.getpid())).absolute()
    env = {**os.environ, LAUNCHED: str(folder)}
    try:
        with (
            stoppable(),
            subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, start_new_session=True) as launcher,
        ):
            try:
                code = launcher.wait()
            except KeyboardInterrupt:
                _end(launcher)
                print(_said(folder), end="", file=sys.stderr)  # why a process ended first, if one did
                raise
        if code or not folder.exists():
            lost = (LOST if folder.exists() else UNSTARTED).format(code=code, words=words)
            print(_said(folder) or lost, end="", file=sys.stderr)
            sys.exit(code if code > 0 else SIGNAL - code)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _found(words: str) -> Sequence[str]:
    """The launcher's words; UserError if it cannot be started."""
    try:
        command = shlex.split(words)
    except ValueError as error:
        raise UserError(
            f"{LAUNCHER} is {words!r}: {error}\nWrite it as you would type it in a shell"
        ) from None
    if shutil.which(command[0]) is None:
        raise UserError(
            f"{LAUNCHER} is {words!r}, but no command {command[0]!r} is found\n"
            "accelerate and torchrun are in .venv/bin: run make repro, or first: source .venv/bin/activate\n"
            f"To compute in one process: unset {LAUNCHER}"
        )
    return command


def _module() -> str:
    """The stage's package, as it follows `python -m`."""
    spec = sys.modules["__main__"].__spec__
    return spec.parent or "" if spec else ""


def _end(launcher: "subprocess.Popen[bytes]") -> None:
    """End the launcher, which ends its processes; they also look whether it is still there."""
    launcher.terminate()
    try:
        with suppress(subprocess.TimeoutExpired):
            launcher.wait(GRACE_SECONDS)
    finally:  # also after a second Ctrl-C
        if launcher.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(launcher.pid, SIGKILL)


def _said(folder: Path) -> str:
    """What the processes said at their end; the same words once."""
    said = [file.read_text("utf-8") for file in sorted(folder.glob("[0-9]*"), key=lambda f: int(f.name))]
    return "".join(f"{words}\n" for words in dict.fromkeys(said))
