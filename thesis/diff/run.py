"""Everything that is compared of one run, loaded from a folder."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stages.common.calibration import STATE, Calibration
from stages.common.params import PARAMS, read_yaml
from stages.shell.errors import UserError, mistakes
from thesis.diff import headline, tables
from thesis.diff.contrasts import calibrated_contrasts, drawn_contrasts, load_calibration_of
from thesis.diff.numbers import BARE, Number
from thesis.diff.recorded import LOCK, Recorded, load_recorded
from thesis.diff.revisions import Revision, write_files

READ = (
    PARAMS.as_posix(), LOCK.as_posix(), STATE.as_posix(), headline.FILE, *tables.FILES,
)  # fmt: skip


@dataclass(frozen=True)
class Run:
    """The numbers of one revision."""

    revision: Revision
    recorded: Recorded
    headline: Sequence[Number]
    drawn: Sequence[Number]
    """Contrasts over the run's own draws."""
    calibrated: Sequence[Number]
    """Contrasts over several trainings; empty if no calibration belongs to this run."""
    calibration: Calibration | None
    outdated: Sequence[str]
    """Keys of params.yaml that have changed since the numbers were made."""


def load_run(revision: Revision) -> Run:
    """The run of a commit, or of the working tree.

    Raises:
        UserError: nothing was evaluated there, or by another version of this program.
    """
    if not revision.commit:
        return _from_folder(revision, Path())
    with tempfile.TemporaryDirectory(prefix="thesis-diff-") as folder:
        write_files(revision, READ, Path(folder))
        try:
            return _from_folder(revision, Path(folder))
        except UserError as error:
            raise UserError(str(error).replace(f"{folder}/", revision.place)) from None


def _from_folder(revision: Revision, folder: Path) -> Run:
    if not (folder / headline.FILE).exists():
        remedy = "Name a revision in which the pipeline ran" if revision.commit else "Run it: dvc repro"
        raise UserError(f"{folder / headline.FILE}: not found; nothing was evaluated there\n{remedy}")
    recorded = load_recorded(folder)
    found, unfit = tables.read_tables(folder)
    if unfit:
        head = f"{folder / 'metrics'}: {len(unfit)} tables were written by another version of this program"
        raise mistakes(head, unfit, BARE)
    calibration = load_calibration_of(folder, found, recorded)
    return Run(
        revision,
        recorded,
        headline=[*headline.headline_numbers(folder, found, recorded)],
        drawn=[*drawn_contrasts(found, recorded)],
        calibrated=[*calibrated_contrasts(calibration, recorded)],
        calibration=calibration,
        outdated=recorded.differing(read_yaml(folder / PARAMS)) if (folder / PARAMS).exists() else [],
    )
