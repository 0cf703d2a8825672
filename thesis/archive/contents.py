"""Everything that goes into the zip, by name."""

from pathlib import Path

from thesis.archive import check
from thesis.archive.bundle import bundle
from thesis.archive.crate.crate import METADATA, crate
from thesis.archive.git import Kept
from thesis.archive.licence import notices
from thesis.archive.pipeline import STORE, object_path
from thesis.archive.snapshot import Snapshot
from thesis.archive.texts import cited, texts
from thesis.archive.zipping import with_sums

BUNDLE = "repository.bundle"


def contents(snapshot: Snapshot) -> dict[str, Kept]:
    """The files of the zip."""
    beside = {
        **texts(snapshot),
        **notices(snapshot.base, snapshot.files),
        "check": Kept(Path(check.__file__).read_bytes(), is_executable=True),
        BUNDLE: Kept(bundle(snapshot.commit, with_history=snapshot.with_history)),
    }
    objects = {object_path(md5): kept for md5, kept in snapshot.store.objects.items()}
    stored = {f"{STORE}{name.removeprefix('store/')}" for name in objects}
    project = {f"project/{name}": kept for name, kept in snapshot.files.items() if name not in stored}
    described = crate(snapshot, cited(snapshot), beside)
    return with_sums({**beside, **objects, **project, METADATA: described})
