"""The files of the crate, as RO-Crate describes them."""

import hashlib
import mimetypes
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from thesis.archive.git import Kept
from thesis.archive.pipeline import Artifact, object_path
from thesis.archive.snapshot import Snapshot

KINDS = {
    ".jsonl": "application/jsonl",
    ".json": "application/json",
    ".csv": "text/csv",
    ".md": "text/markdown",
    ".yaml": "application/yaml",
    ".safetensors": "application/octet-stream",
}
Entity = dict[str, Any]


def ref(id_: str) -> Entity:
    """A reference to another entity."""
    return {"@id": id_}


class Things:
    """Entities for the files that stages read and wrote, each made once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._outs = {out.path: out for out in snapshot.outs}
        self.entities: dict[str, Entity] = {}
        """By id."""

    @property
    def collections(self) -> list[str]:
        """Ids of the folders that exist as objects of the store alone."""
        return [id_ for id_, entity in self.entities.items() if entity["@type"] == "Collection"]

    @property
    def data(self) -> list[str]:
        """Ids of the files and folders that the zip has under these names."""
        return [id_ for id_, entity in self.entities.items() if entity["@type"] != "Collection"]

    def id_of(self, artifact: Artifact) -> str:
        """The id of an artifact's entity, which is made if it is new."""
        store = self._snapshot.store
        if artifact.md5 not in store.objects:
            return self._in_git(artifact)
        if not artifact.is_folder:
            return self._object(artifact)
        return self._collection(artifact, [self._object(file) for file in store.files(artifact)])

    def file(self, name: str, kept: Kept, **more: Any) -> str:
        """The id of a file that lies in the zip under this name."""
        id_ = quote(name)
        described = {
            "@id": id_,
            "@type": "File",
            "name": name,
            "encodingFormat": kind_of(more.get("alternateName", [name])[0]),
            "contentSize": str(len(kept.content)),
            "sha256": hashlib.sha256(kept.content).hexdigest(),
            **more,
        }
        self.entities.setdefault(id_, described)
        return id_

    def _object(self, artifact: Artifact) -> str:
        """An object of the store; two outputs with the same bytes are one, with two names."""
        name = object_path(artifact.md5)
        kept = self._snapshot.store.objects[artifact.md5]
        id_ = self.file(name, kept, alternateName=[artifact.path], md5=artifact.md5)
        names = self.entities[id_]["alternateName"]
        if artifact.path not in names:
            names.append(artifact.path)
        return id_

    def _collection(self, artifact: Artifact, parts: Sequence[str]) -> str:
        id_ = f"#{quote(artifact.path)}"
        listing = self.file(
            object_path(artifact.md5),
            self._snapshot.store.objects[artifact.md5],
            alternateName=[f"{artifact.path}{LISTING}"],
        )
        described = {
            "@id": id_,
            "@type": "Collection",
            "name": artifact.path,
            "identifier": artifact.md5,
            "mainEntity": ref(listing),
            "hasPart": [ref(part) for part in [listing, *dict.fromkeys(parts)]],
        }
        self.entities.setdefault(id_, described)
        return id_

    def _in_git(self, artifact: Artifact) -> str:
        """A file or folder of the project; or a part of a folder in the store."""
        files = self._snapshot.files
        if artifact.path in files:
            return self.file(f"project/{artifact.path}", files[artifact.path], md5=artifact.md5)
        for out in self._outs.values():
            for file in self._snapshot.store.files(out):
                if file.path == artifact.path:
                    return self._object(file)
        return self._folder(artifact)

    def _folder(self, artifact: Artifact) -> str:
        id_ = quote(f"project/{artifact.path}/")
        described = {
            "@id": id_,
            "@type": "Dataset",
            "name": artifact.path,
            "identifier": artifact.md5,
            "description": f"Files of the project below {artifact.path}, as git has them.",
        }
        self.entities.setdefault(id_, described)
        return id_


LISTING = " (list of its files)"


def kind_of(name: str) -> str:
    """The media type of a file by its name.

    >>> kind_of("data/scores/nll.jsonl"), kind_of("reports/report.html"), kind_of("LICENSE")
    ('application/jsonl', 'text/html', 'application/octet-stream')
    """
    if name.endswith(LISTING):
        return KINDS[".json"]
    ending = f".{name.rpartition('.')[2]}"
    return KINDS.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"
