"""Objects of a remote that were cut off or changed, and a remote that is gone."""

import random
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from experiments.faults.hashes import forget, recorded
from experiments.faults.outcomes import Outcome, after_repro
from experiments.faults.scratch import Project
from thesis.verify.hashing import md5_of

REMOTE = "store"


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flip_a_bit(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "a truncated remote object": cut_off,
    "a tampered remote object": flip_a_bit,
}
LOST = "a lost remote"


def damaged_remote(
    project: Project, undisturbed: Mapping[str, bytes], names: list[str], seed: int
) -> Iterator[Outcome]:
    """Pull outputs whose object in a verified remote is damaged: refused, and made again."""
    store = make_remote(project)
    draws = random.Random(seed)
    for kind, damage in DAMAGES.items():
        for name in names:
            cached = recorded(project.folder)
            file = draws.choice([path for path in cached if path.startswith(name)])
            md5 = cached[file]
            held = store / "files/md5" / md5[:2] / md5[2:]
            held.chmod(0o644)
            whole = held.read_bytes()
            damage(held)
            forget(project, file, md5)
            code = project.dvc("pull")
            wrong = [] if code else ["dvc pull took the damaged object for whole"]
            wrong += _wrong_bytes(project, undisturbed, file)
            yield after_repro(project, undisturbed, kind, file, wrong)
            held.write_bytes(whole)  # a push would not: dvc remembers what the remote holds


def lost_remote(project: Project, undisturbed: Mapping[str, bytes], names: list[str]) -> Iterator[Outcome]:
    """Pull and push while the remote is gone: both say so, and nothing that is here is lost."""
    store = make_remote(project)
    for name in names:
        cached = recorded(project.folder)
        file = next(path for path in cached if path.startswith(name))
        store.rename(store.with_name("away"))
        forget(project, file, cached[file])
        wrong = [] if project.dvc("pull") else ["dvc pull found a remote that is gone"]
        found = after_repro(project, undisturbed, LOST, file, wrong)
        shutil.rmtree(store, ignore_errors=True)  # a push to a folder makes it again
        store.with_name("away").rename(store)
        yield found


def make_remote(project: Project) -> Path:
    """A folder that holds all outputs, as the default remote, verified."""
    store = project.folder.parent / REMOTE
    store.mkdir(exist_ok=True)
    for words in (
        ("remote", "add", "--local", "--force", "--default", REMOTE, str(store)),
        ("remote", "modify", "--local", REMOTE, "verify", "true"),
        ("push",),
    ):
        project.do(sys.executable, "-m", "dvc", *words)
    return store


def _wrong_bytes(project: Project, undisturbed: Mapping[str, bytes], file: str) -> list[str]:
    place = project.folder / file
    is_wrong = place.exists() and place.read_bytes() != undisturbed[file]
    return [f"{file} was pulled with md5 {md5_of(place)}"] if is_wrong else []
