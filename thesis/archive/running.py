"""The steps of `thesis archive`."""

from pathlib import Path

import typer
from rich.console import Console

from stages.common.phrases import many
from stages.shell.errors import UserError, mistakes
from thesis.archive.contents import contents
from thesis.archive.crate.runs import read_runs
from thesis.archive.refusing import refuse_unfit
from thesis.archive.restoring import restore
from thesis.archive.snapshot import snapshot
from thesis.archive.zipping import write_zip

MEGABYTE = 1e6
UNVERIFIED = (
    "Not pulled: make pull. Changed by mistake: git checkout FILE, or dvc checkout --force FILE.\n"
    "Changed on purpose: commit it, then make repro, make release, and commit again. "
    "Then run thesis archive again"
)


def run_archive(output: Path | None, folder: Path | None, *, with_history: bool) -> None:
    """Verify, look for what must not be published, and write the zip.

    Raises:
        UserError: the project is not verified, or something in it is unfit.
    """
    if folder is not None:
        raise UserError(f"{folder}: a folder belongs to --restore; name the zip with --output")
    refuse_unverified()
    taken = snapshot(with_history=with_history)
    refuse_unfit(taken)
    target = output or Path(f"llama-thesis-{taken.commit.name}.zip")
    write_zip(target, contents(taken), taken.commit.moment)
    typer.echo(f"{target}: {target.stat().st_size / MEGABYTE:.1f} MB, commit {taken.commit.id}")
    runs = read_runs(taken)
    if unknown := [stage.name for stage in taken.stages if stage.name not in runs]:
        typer.echo(f"No record of the run of {', '.join(unknown)}: its versions are missing (make record)")
    typer.echo("It checks itself: unzip it into an empty folder, and there: python3 check")


def run_restore(archive: Path, folder: Path | None) -> None:
    """Make a clone from a zip.

    Raises:
        UserError: the zip is damaged, or the folder is in the way.
    """
    target = folder or Path(archive.stem)
    restore(archive, target)
    typer.echo(f"{target}: a clone with all artifacts. Next: cd {target}; thesis verify")


def refuse_unverified() -> None:
    """Refuse a project that the first tier of `thesis verify` finds fault with."""
    from thesis.verify.belonging.tier import tier  # lazily: only this command needs both
    from thesis.verify.running import LOCK, run_tier
    from thesis.verify.showing import Printer

    if not LOCK.exists():
        raise UserError(f"{LOCK}: not found\nRun this from the project's folder, after: make repro")
    found = run_tier(tier(), Path.cwd(), Printer(Console(highlight=False))).findings
    if wrong := [one for one in found if one.is_wrong or one.is_open]:
        lines = [f"{one.stage}, {one.what}: {one.got}".replace("\n", "; ") for one in wrong]
        raise mistakes(
            f"No archive was written: verification found {many(len(wrong), 'fault')}", lines, UNVERIFIED
        )
