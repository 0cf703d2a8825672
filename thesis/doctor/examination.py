"""All checks in their order; one that fails itself becomes a problem, never a traceback."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from stages.shell.errors import UserError
from thesis.doctor import (
    agreement,
    answers,
    artifacts,
    base,
    conflicts,
    device,
    disk,
    inputs,
    interpreter,
    lengths,
    lid,
    memory,
    packages,
    people,
    relocked,
    times,
)
from thesis.doctor.findings import Finding, Topic, problem, warning
from thesis.doctor.study import Study

Check: TypeAlias = Callable[[Study], list[Finding]]

CHECKS: Mapping[str, Check] = {
    "python": interpreter.check,
    "packages": packages.check,
    "merges": conflicts.check,
    "params": inputs.check_params,
    "texts": inputs.check_texts,
    "data": people.check,
    "asked": inputs.check_given,
    "contrasts": inputs.check_contrasts,
    "answers": answers.check,
    "base": base.check,
    "device": device.check,
    "memory": memory.check,
    "disk": disk.check,
    "lengths": lengths.check,
    "artifacts": artifacts.check,
    "versions": relocked.check,
    "lid": lid.check,
    "numbers": agreement.check,
    "time": times.check,
}


def examined(
    study: Study,
    checks: Mapping[str, Check] = CHECKS,
    began: Callable[[str], None] = lambda topic: None,
) -> Iterator[Topic]:
    """The outcome of each check, as soon as it is there.

    Args:
        began: told of each topic before it is looked at.
    """
    for topic, check in checks.items():
        began(topic)
        yield Topic(topic, findings_of(check, study))


def findings_of(check: Check, study: Study) -> list[Finding]:
    """What a check found; if it could not be made: why not."""
    try:
        return check(study)
    except UserError as error:  # of something that another check reports on
        return [warning(f"not checked: {_first_line(error)}", "Fix that first")]
    except Exception as error:  # noqa: BLE001 -- a doctor that crashes is of no use to anybody
        found = f"could not be checked: {type(error).__name__}: {_first_line(error)}"
        return [problem(found, "This is a mistake of ours; please report it")]


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0]
