"""Put the artifacts of the current run into release/store/, so that a clone can pull them without a server.

Refuses an unfinished or uncommitted run, more than 60 MiB, base weights, secrets and what is private.
Keeps what a tag needs, deletes everything else, and writes the manifest.

python -m experiments.release [--without TAG …]
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

from experiments.release import store
from experiments.release.outputs import Output, carried, check_kinds, objects_of
from experiments.release.private import unfit
from experiments.release.ready import LOCK, PIPELINE, added_by_hand, check_ready, check_strays, needed_by_tags
from stages.common.params import read_yaml
from stages.shell.errors import mistakes, run
from thesis.verify.artifacts import STORE
from thesis.verify.belonging.store import is_sound, place
from thesis.verify.statement import MANIFEST, write_manifest

MAX_BYTES = 60 * 2**20
"""A clone carries the store of every release: git never forgets one."""


def main() -> None:
    without = _arguments().without
    check_ready()
    outputs = carried(read_yaml(Path(PIPELINE)), read_yaml(Path(LOCK)))
    check_kinds(outputs, added_by_hand())
    check_strays(outputs)
    objects = checked_objects(outputs)
    kept = {tag: store.with_members(needed) - {*objects} for tag, needed in needed_by_tags(without)}
    check_size(objects, kept)
    store.add(objects)
    n_deleted = store.prune({*objects}.union(*kept.values()))
    check_sound()
    print(_told(outputs, n_deleted, write_manifest()))


def checked_objects(outputs: list[Output]) -> dict[str, Path | bytes]:
    """The objects of the current run, by md5; UserError if one may not be published."""
    objects, found = {}, []
    for output in outputs:
        for md5, content in objects_of(output).items():
            objects[md5] = content
            name = output.path if isinstance(content, bytes) else content.as_posix()
            data = content if isinstance(content, bytes) else content.read_bytes()
            found += [f"{name}: {reason}" for reason in unfit(data)]
    if found:
        raise mistakes(
            "Not released; everybody could read it:", found, "Remove it where it comes from, then: make repro"
        )
    return objects


def check_size(objects: Mapping[str, Path | bytes], kept: Mapping[str, set[str]]) -> None:
    """UserError if the store would be too large.

    Args:
        objects: those of the current run.
        kept: objects that only a tag needs, by tag.
    """
    sizes = {"this run": sum(map(store.size_of, objects.values()))}
    sizes |= {tag: sum(place(md5).stat().st_size for md5 in md5s) for tag, md5s in kept.items()}
    union = set().union(*kept.values())
    total = sizes["this run"] + sum(place(md5).stat().st_size for md5 in union)
    if total > MAX_BYTES:
        lines = [f"{name}: {mib(size)}" for name, size in sizes.items() if size]
        remedy = (
            "Leave a tag's artifacts out: make release WITHOUT=TAG (its own commit keeps its store), "
            "or publish through a remote of your own: make remote URL=…"
        )
        raise mistakes(f"{STORE}: would hold {mib(total)}; at most {mib(MAX_BYTES)} fit:", lines, remedy)


def check_sound() -> None:
    """UserError if a file in the store is not what its name says."""
    if broken := [path.as_posix() for path in store.files_of() if not is_sound(path)]:
        remedy = f"Restore them (git checkout HEAD -- {STORE}), and run make release again"
        raise mistakes(f"{STORE}: these files are not what their names say:", broken, remedy)


def mib(n_bytes: int) -> str:
    """
    >>> mib(3 * 2**19)
    '1.5 MiB'
    """
    return f"{n_bytes / 2**20:.1f} MiB"


def _told(outputs: list[Output], n_deleted: int, root_digest: str) -> str:
    files = store.files_of()
    size = mib(sum(path.stat().st_size for path in files))
    lines = [f"{STORE}: {len(files)} objects, {size}; {n_deleted} deleted that nothing needs"]
    lines += [f"  {output.path}" for output in outputs]
    lines += [f"{MANIFEST}: root digest {root_digest}"]
    return "\n".join([*lines, "Now: git add release, commit, git tag, and push both with git"])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = "leave out what only this tag needs; its own commit still has it"
    parser.add_argument("--without", nargs="+", default=[], metavar="TAG", help=what)
    return parser.parse_args()


if __name__ == "__main__":
    run(main)
