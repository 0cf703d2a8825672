"""All that an archive is made from: one commit, and what its files say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from thesis.archive.git import Commit, Kept, head, tree
from thesis.archive.licence import BaseModel, read_base
from thesis.archive.pipeline import Artifact, Stage, Store, read_stages, read_store


@dataclass(frozen=True)
class Snapshot:
    """A commit with its pipeline, its store and its base model."""

    commit: Commit
    files: Mapping[str, Kept]
    """Everything that git has, by path."""
    stages: Sequence[Stage]
    """Each after those it depends on."""
    store: Store
    base: BaseModel
    with_history: bool
    """Whether the commits before it are archived too."""

    @property
    def outs(self) -> list[Artifact]:
        """The outputs of all stages."""
        return [out for stage in self.stages for out in stage.outs]

    def has(self, path: str) -> bool:
        """Whether git has a file or a folder."""
        return path in self.files or any(name.startswith(f"{path}/") for name in self.files)


def snapshot(*, with_history: bool = True) -> Snapshot:
    """The commit that is checked out in this folder.

    Raises:
        UserError: there is no commit, or it has no pipeline that ran.
    """
    commit = head()
    files = tree(commit.id)
    return Snapshot(commit, files, read_stages(files), read_store(files), read_base(files), with_history)
