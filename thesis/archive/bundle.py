"""The repository as one file that `git clone` reads. The same commits give the same bytes.

`git bundle create` takes over how the clone's packs happen to be compressed, so two clones of the same
commits give different files. Here every object is packed anew, by one thread, with settings that no
configuration changes. The header is git's bundle format, version 2.
"""

from collections.abc import Mapping

from thesis.archive.git import Commit, lines
from thesis.programs import git

BRANCH = "refs/heads/main"
FIXED = {
    "pack.threads": "1",
    "pack.window": "10",
    "pack.depth": "50",
    "pack.windowMemory": "0",
    "pack.compression": "9",
    "pack.useSparse": "false",
    "core.bigFileThreshold": "512m",
    "core.commitGraph": "false",
}
AS_NEW = ("--no-reuse-delta", "--no-reuse-object", "--delta-base-offset", "--no-use-bitmap-index")


def bundle(commit: Commit, *, with_history: bool = True) -> bytes:
    """A git bundle: one branch, and the tags of the commit and of those before it.

    Args:
        with_history: False: the last commit alone, as if it were the first; its files are the same, its id
            is not.
    """
    if with_history:
        return packed({"HEAD": commit.id, BRANCH: commit.id, **tags_up_to(commit.id)})
    alone = without_parents(commit.id)
    return packed({"HEAD": alone, BRANCH: alone})


def packed(ids: Mapping[str, str]) -> bytes:
    """A bundle of what is reachable from some ids, by the names that a clone gets."""
    options = [word for key, value in FIXED.items() for word in ("-c", f"{key}={value}")]
    wanted = "".join(f"{one}\n" for one in sorted({*ids.values()})).encode()
    pack = git(*options, "pack-objects", "--revs", "--stdout", "-q", *AS_NEW, given=wanted)
    names = "".join(f"{id_} {name}\n" for name, id_ in ids.items())
    return f"# v2 git bundle\n{names}\n".encode() + pack


def tags_up_to(commit: str) -> dict[str, str]:
    """The ids of the tags that name a commit or one before it, by full name."""
    listed = lines("for-each-ref", "--merged", commit, "--format=%(objectname) %(refname)", "refs/tags")
    pairs = (line.split(maxsplit=1) for line in listed)
    return {name: id_ for id_, name in sorted(pairs, key=lambda pair: pair[1])}


def without_parents(commit: str) -> str:
    """Id of a commit with the same files, author, date and message, and none before it."""
    head, _, message = git("cat-file", "commit", commit).partition(b"\n\n")
    kept = [line for line in head.split(b"\n") if line.startswith((b"tree ", b"author ", b"committer "))]
    told = message.rstrip() + f"\n\nWithout its history; made from commit {commit}\n".encode()
    whole = b"\n".join(kept) + b"\n\n" + told
    return git("hash-object", "-t", "commit", "-w", "--stdin", given=whole).decode().strip()
