"""Zips, also in zips: what is suspicious is refused before it is read, and limits hold through nesting."""

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
"""Unpacked, of the files that are read."""
MAX_RATIO = 200
"""Unpacked to packed; chats shrink to a fifth or a twentieth, a zip bomb to a thousandth."""
_RATIO_COUNTS_FROM = 2**20
MAX_DEPTH = 3
"""Of a zip in a zip in a zip."""
MAX_ZIPS = 1000
_PART = re.compile(r"(conversations|frames|takeout).*\.zip", re.IGNORECASE)
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)
"""What reading a damaged zip raises; opening one raises more."""
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


@dataclass
class Found:
    """The wanted files of an export."""

    path: str
    """As the person named it."""
    wanted: Wanted
    """Files with conversations."""
    beside: Wanted
    """Files that say something about them."""
    members: list[Member] = field(default_factory=list)
    zips: list[str] = field(default_factory=list)
    """Names of the zips that were opened."""
    n_unopened: int = 0
    stack: ExitStack = field(default_factory=ExitStack)
    n_bytes: int = 0

    def add_file(self, path: Path, named: bool = False) -> None:
        """Add what a zip on the disk holds; `named`: the person named it, and not its folder."""
        self.add_zip(lambda: path.open("rb"), Place(path.name, path.stat().st_size, named))

    def add_zip(self, opener: Callable[[], IO[bytes]], place: "Place") -> None:
        """Add what a zip holds; it stays open until the stack is closed, if it holds anything."""
        n_before = len(self.members)
        with ExitStack() as opened:
            try:
                archive = opened.enter_context(zipfile.ZipFile(opened.enter_context(opener())))
            except _NO_ZIP:
                self._refuse(f"{place.name}: {DAMAGED_ZIP}", place.is_part)
                return
            here, inner = self._sorted(archive.infolist())
            if problem := self._problem(archive.infolist(), [*here, *inner], place):
                self._refuse(f"{self.path}: {problem}", place.is_part or bool(here))
                return
            self.zips.append(PurePosixPath(place.name).name)
            self.members += [_member(archive, info, place) for info in here]
            for info in inner:
                if place.depth == MAX_DEPTH or len(self.zips) == MAX_ZIPS:
                    self.n_unopened += 1
                else:
                    self.add_zip(partial(archive.open, info), place.inside(info))
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
        self, infos: list[zipfile.ZipInfo], used: list[zipfile.ZipInfo], place: "Place"
    ) -> str | None:
        """What is suspicious about a zip."""
        for number, info in enumerate(infos, start=1):
            if problem := _problem(info):
                return (
                    f"entry {number} of the zip {problem}; no product makes such exports.\n"
                    "Nothing was read. Take the zip as it came from the product"
                )
        if any(info.flag_bits & 0x1 for info in used):
            return "the zip asks for a password. Unpack it outside of the project, name the folder"
        n_bytes = sum(info.file_size for info in used)
        if self.n_bytes + n_bytes > MAX_TOTAL_BYTES or any(_is_bomb(info, place.packing) for info in used):
            return (
                f"{place.n_packed / 1e6:,.1f} MB that unpack to {(self.n_bytes + n_bytes) / 1e6:,.0f} MB, "
                f"like a zip bomb: more than {MAX_RATIO} times as much, or more than "
                f"{MAX_TOTAL_BYTES / 1e9:.1f} GB.\nNothing was read"
            )
        self.n_bytes += n_bytes
        return None

    def _refuse(self, message: str, needed: bool) -> None:
        if needed:
            raise UserError(message)
        self.n_unopened += 1


@dataclass(frozen=True)
class Place:
    """Where a zip lies."""

    name: str
    n_packed: int
    """Bytes of the outermost zip."""
    named: bool = False
    """The person named it, and not the folder that it lies in."""
    depth: int = 1
    packing: float = 1.0
    """Bytes of the outermost zip for each byte of this one."""

    @property
    def is_part(self) -> bool:
        """The conversations may be in it."""
        return self.named or _PART.fullmatch(PurePosixPath(self.name).name) is not None

    def inside(self, info: zipfile.ZipInfo) -> "Place":
        packing = self.packing * info.compress_size / max(info.file_size, 1)
        return Place(f"{self.name}/{info.filename}", self.n_packed, False, self.depth + 1, packing)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: Place) -> Member:
    return Member(f"{place.name}/{info.filename}", info.file_size, partial(archive.open, info))


def is_to_open(name: PurePosixPath, found: bool) -> bool:
    """Any zip where no conversations were found beside it; else those that are parts of an export.

    A zip beside conversations may be a file that someone attached to one of them.
    """
    return name.suffix.lower() == ".zip" and (not found or _PART.fullmatch(name.name) is not None)


def is_shadow(name: PurePosixPath) -> bool:
    """What macOS puts beside each file of a zip."""
    return "__MACOSX" in name.parts or name.name.startswith("._")


def _problem(info: zipfile.ZipInfo) -> str | None:
    name = PurePosixPath(info.orig_filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or (name.parts and name.parts[0].endswith(":")):
        return "climbs out of the folder it is unpacked to"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link"
    return None


def _is_bomb(info: zipfile.ZipInfo, packing: float) -> bool:
    return info.file_size > max(_RATIO_COUNTS_FROM, MAX_RATIO * info.compress_size * packing)
