"""Outputs and dvc.lock, edited by hand."""

import json
import os
import random
import re
import sys
from collections.abc import Callable, Iterator, Mapping

from experiments.faults.outcomes import Outcome, after_repro
from experiments.faults.remotes import flip_a_bit
from experiments.faults.scratch import Project
from thesis.verify.belonging.files import TAMPERED, output_in

LOCK = "dvc.lock"
UNSEEN = "an output edited, size and time unchanged"
BY_HAND = "a hand-edited dvc.lock"
MARKERS = "merge markers in dvc.lock"


def unseen(project: Project, undisturbed: Mapping[str, bytes], names: list[str]) -> Iterator[Outcome]:
    """Change an output so that DVC does not notice: `thesis verify` names it, and dvc restores it."""
    for name in names:
        before = tampered(project)
        place = project.folder / name
        facts = place.stat()
        place.chmod(0o644)
        flip_a_bit(place)
        os.utime(place, ns=(facts.st_atime_ns, facts.st_mtime_ns))
        place.chmod(facts.st_mode)
        found = tampered(project) - before
        wrong = [] if found == {name} else [f"thesis verify named {', '.join(sorted(found)) or 'nothing'}"]
        (project.folder / name).unlink()
        project.dvc("checkout", "--force")
        yield after_repro(project, undisturbed, UNSEEN, name, wrong)


def tampered(project: Project) -> set[str]:
    """The files that tier 1 of `thesis verify` calls tampered: outputs that are not those of dvc.lock."""
    project.run(sys.executable, "-m", "thesis", "verify", "--json")
    [tier] = json.loads(project.said())["tiers"]
    named = [output_in(one["what"]) for one in tier["findings"] if one["got"].startswith(TAMPERED)]
    return {path for path in named if path}


def by_hand(
    project: Project, undisturbed: Mapping[str, bytes], stages: list[str], seed: int
) -> Iterator[Outcome]:
    """Change hashes and values in dvc.lock: dvc must see it, and end with the lock of the undisturbed run."""
    lock = project.folder / LOCK
    draws = random.Random(seed)
    for stage in stages:
        for what, edit in EDITS.items():
            project.forget_runs()
            text = lock.read_text("utf-8")
            head, part, tail = _split(text, stage)
            lock.write_text(head + edit(part, draws) + tail, "utf-8")
            wrong = [] if project.dvc("status", "--quiet") else ["dvc status did not see it"]
            yield after_repro(project, undisturbed, BY_HAND, f"{stage}: {what}", wrong)


def markers(project: Project, undisturbed: Mapping[str, bytes], stages: list[str]) -> Iterator[Outcome]:
    """Leave the markers of a merge in dvc.lock: dvc must name the file, and git gives it back."""
    lock = project.folder / LOCK
    for stage in stages:
        text = lock.read_text("utf-8")
        head, part, tail = _split(text, stage)
        lock.write_text(head + _in_conflict(part) + tail, "utf-8")
        failed = project.dvc("repro")
        wrong = [] if failed and LOCK in project.said() else [f"not named: {project.said()[-300:]}"]
        project.do("git", "checkout", "--quiet", "--", LOCK)
        yield after_repro(project, undisturbed, MARKERS, stage, wrong)


def _split(text: str, stage: str) -> list[str]:
    """The text of dvc.lock before a stage's entry, the entry, and the rest.

    >>> _split("stages:\\n  a:\\n    cmd: x\\n  b:\\n    cmd: y\\n", "a")
    ['stages:\\n', '  a:\\n    cmd: x\\n', '  b:\\n    cmd: y\\n']
    """
    return re.split(rf"(?ms)(^  {stage}:\n.*?(?=^  \w|\Z))", text, maxsplit=1)


def _other_hash(part: str, draws: random.Random, after: str) -> str:
    """A part in which one digit of a hash after some word is another."""
    head, word, tail = part.partition(f"\n    {after}:\n")
    places = [match.end() for match in re.finditer(r"md5: ", tail)]
    at = draws.choice(places)
    return head + word + tail[:at] + ("0" if tail[at] != "0" else "1") + tail[at + 1 :]


def _without(part: str, draws: random.Random) -> str:
    return ""


def _in_conflict(part: str) -> str:
    head, *lines = part.splitlines(keepends=True)
    return "".join([head, "<<<<<<< HEAD\n", *lines, "=======\n", *lines, ">>>>>>> other\n"])


EDITS: dict[str, Callable[[str, random.Random], str]] = {
    "the hash of a dep": lambda part, draws: _other_hash(part, draws, "deps"),
    "the hash of an output": lambda part, draws: _other_hash(part, draws, "outs"),
    "its entry removed": _without,
}
