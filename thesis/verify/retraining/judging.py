"""Numbers of a training that was done again, against those on record."""

import sys
from pathlib import Path
from typing import Any

from stages.common.files import read_json
from stages.shell.errors import UserError
from thesis.verify.findings import Finding
from thesis.verify.numbers import is_number, leaves, no_numbers
from thesis.verify.replay.receipts import listed


def metrics_in(file: Path) -> Any:
    """The content of a file of metrics; the reason as text, which is no number, if it cannot be read."""
    try:
        return read_json(file)
    except UserError as error:
        return str(error)


def judged_metrics(stage: str, file: str, recorded: Any, again: Any, tolerance: float) -> Finding:
    """One line about all numbers of a file.

    Args:
        recorded: what the file holds: nested numbers, if nobody damaged it.
        tolerance: of losses, relative to a number above 1; whole numbers, which count, must be equal.
    """
    before, after = ({key: n for key, n in leaves(one) if is_number(n)} for one in (recorded, again))
    wrong = no_numbers(recorded)
    wrong += [f"{key} is in one only" for key in sorted(before.keys() ^ after.keys())]
    sizes = {
        key: abs(before[key] - after[key]) / max(1, abs(before[key])) for key in before.keys() & after.keys()
    }
    for key, size in sorted(sizes.items()):
        is_count = isinstance(before[key], int) or isinstance(after[key], int)
        if size > (0 if is_count else tolerance):
            wrong.append(f"{key}: {before[key]:.8g}, not {after[key]:.8g}")
    most = min(max(sizes.values(), default=0.0), sys.float_info.max)
    got = listed(wrong) if wrong else f"{len(sizes)} numbers, which differ by at most {most:.2g}"
    seen = {"largest_difference": most, "tolerance": tolerance}
    return Finding(stage, file, f"equal, losses within {tolerance:.2g}", got, not wrong, seen=seen)
