"""Zips, also in zips: suspicious ones are refused before they are read, and limits hold through nesting."""

import lzma
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, TypeAlias

from stages.shell.errors import UserError

MAX_TOTAL_BYTES = 4 * 2**30
"""Unpacked size of all files that are read."""
MAX_RATIO = 200
"""Unpacked to packed size; chats shrink to a fifth or a twentieth, a zip bomb to a thousandth."""
_RATIO_COUNTS_FROM = 2**20
MAX_ZIP_LEVELS = 3
MAX_ZIPS = 1000
_PART = re.compile(r"(conversations|frames|takeout).*\.zip", re.IGNORECASE)
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)
"""Errors of reading a damaged zip; opening one raises more."""
DAMAGED_ZIP = "the zip is damaged, or not downloaded to its end: download it again"
_NO_ZIP = (*DAMAGED, struct.error, ValueError, OverflowError)

Wanted: TypeAlias = Callable[[PurePosixPath], bool]


@dataclass(frozen=True)
class Member:
    """A file of the export."""

    name: str
    size: int
    """Bytes, unpacked."""
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True)
class _Place:
    """The place of a zip."""

    name: str
    n_packed: int
    """Bytes of the outermost zip."""
    needed: bool
    """Whether the person named this zip and not its folder, or its name says that it holds conversations."""
    depth: int = 1
    packing: float = 1.0
    """Bytes of the outermost zip for each byte of this one."""


@dataclass
class Export:
    """The files of an export that are read."""

    path: str
    """The path that the person typed."""
    wanted: Wanted
    """Accepts files with conversations."""
    beside: Wanted
    """Accepts files that say something about conversations."""
    sha256: str = ""
    members: list[Member] = field(default_factory=list)
    zips: list[str] = field(default_factory=list)
    """Names of the opened zips."""
    n_unopened: int = 0
    """Number of zips that were not opened."""
    stack: ExitStack = field(default_factory=ExitStack)
    n_bytes: int = 0

    def add_file(self, path: Path, named: bool = False) -> None:
        """Add the files of a zip on the disk; `named`: the person named this zip, and not its folder."""
        place = _Place(path.name, path.stat().st_size, named or is_part(path.name))
        self._add_zip(lambda: path.open("rb"), place)

    def _add_zip(self, opener: Callable[[], IO[bytes]], place: _Place) -> None:
        """Add the files of a zip, which stays open until the stack is closed if it holds any."""
        n_before = len(self.members)
        with ExitStack() as opened:
            try:
                archive = opened.enter_context(zipfile.ZipFile(opened.enter_context(opener())))
            except _NO_ZIP:
                self._refuse(f"{place.name}: {DAMAGED_ZIP}", place.needed)
                return
            here, inner = self._sorted(archive.infolist())
            if problem := self._problem(archive.infolist(), [*here, *inner], place):
                self._refuse(f"{self.path}: {problem}", place.needed or bool(here))
                return
            self.zips.append(PurePosixPath(place.name).name)
            for info in here:
                name = f"{place.name}/{info.filename}"
                self.members.append(Member(name, info.file_size, partial(archive.open, info)))
            for info in inner:
                if place.depth == MAX_ZIP_LEVELS or len(self.zips) == MAX_ZIPS:
                    self.n_unopened += 1
                else:
                    self._add_zip(partial(archive.open, info), _inside(place, info))
            if len(self.members) > n_before:
                self.stack.callback(opened.pop_all().close)

    def _sorted(self, infos: list[zipfile.ZipInfo]) -> tuple[list[zipfile.ZipInfo], list[zipfile.ZipInfo]]:
        """The files to read, and the zips to open."""
        named = [(PurePosixPath(info.filename), info) for info in infos if not info.is_dir()]
        own = [(name, info) for name, info in named if not is_shadow(name)]
        found = any(self.wanted(name) for name, _ in own)
        here = [info for name, info in own if self.wanted(name) or self.beside(name)]
        return here, [info for name, info in own if is_to_open(name, found)]

    def _problem(
        self, infos: list[zipfile.ZipInfo], used: list[zipfile.ZipInfo], place: _Place
    ) -> str | None:
        """The suspicion against a zip; None adds its size to the total."""
        for number, info in enumerate(infos, start=1):
            if problem := _problem_of(info):
                return (
                    f"entry {number} of the zip {problem}; no product makes such exports.\n"
                    "Nothing was read. Take the zip as it came from the product"
                )
        if any(info.flag_bits & 0x1 for info in used):
            return "the zip asks for a password. Unpack it outside the project, and name the folder"
        n_bytes = self.n_bytes + sum(info.file_size for info in used)
        if n_bytes > MAX_TOTAL_BYTES or any(_is_bomb(info, place.packing) for info in used):
            return (
                f"{place.n_packed / 1e6:,.1f} MB that unpack to {n_bytes / 1e6:,.0f} MB, "
                f"like a zip bomb: more than {MAX_RATIO} times as much, or more than "
                f"{MAX_TOTAL_BYTES / 1e9:.1f} GB.\nNothing was read"
            )
        self.n_bytes = n_bytes
        return None

    def _refuse(self, message: str, needed: bool) -> None:
        if needed:
            raise UserError(message)
        self.n_unopened += 1


def is_part(name: str) -> bool:
    """Whether a zip's name says that it may hold conversations.

    >>> is_part("a/conversations-000.zip"), is_part("picture.zip")
    (True, False)
    """
    return _PART.fullmatch(PurePosixPath(name).name) is not None


def is_to_open(name: PurePosixPath, found: bool) -> bool:
    """Whether to open a zip: if conversations were found beside it, only if it is a part of an export.

    Another zip beside conversations may be a file that someone attached to one of them.
    """
    return name.suffix.lower() == ".zip" and (not found or is_part(name.name))


def is_shadow(name: PurePosixPath) -> bool:
    """Whether macOS added the file to a zip."""
    return "__MACOSX" in name.parts or name.name.startswith("._")


def _inside(place: _Place, info: zipfile.ZipInfo) -> _Place:
    packing = place.packing * info.compress_size / max(info.file_size, 1)
    name = f"{place.name}/{info.filename}"
    return _Place(name, place.n_packed, is_part(name), place.depth + 1, packing)


def _problem_of(info: zipfile.ZipInfo) -> str | None:
    name = PurePosixPath(info.orig_filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or (name.parts and name.parts[0].endswith(":")):
        return "climbs out of the folder it is unpacked to"
    return "is a link" if stat.S_ISLNK(info.external_attr >> 16) else None


def _is_bomb(info: zipfile.ZipInfo, packing: float) -> bool:
    return info.file_size > max(_RATIO_COUNTS_FROM, MAX_RATIO * info.compress_size * packing)
