"""All checks in their order; a check that crashes becomes a problem, never a traceback."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from stages.shell.errors import UserError
from thesis.doctor import (
    agreement,
    answers,
    base,
    counting,
    device,
    disk,
    environment,
    inputs,
    memory,
    merges,
    repository,
    times,
)
from thesis.doctor.findings import Finding, Topic, problem, warning
from thesis.doctor.project import Project

Check: TypeAlias = Callable[[Project], list[Finding]]

CHECKS: Mapping[str, Check] = {
    "python": environment.check_python,
    "packages": environment.check_packages,
    "merges": merges.check,
    "params": inputs.check_params,
    "texts": inputs.check_texts,
    "data": inputs.check_data,
    "asked": inputs.check_given,
    "contrasts": inputs.check_contrasts,
    "answers": answers.check,
    "base": base.check,
    "device": device.check,
    "memory": memory.check,
    "disk": disk.check,
    "lengths": counting.check,
    "artifacts": repository.check_artifacts,
    "versions": repository.check_versions,
    "numbers": agreement.check,
    "time": times.check,
}


def examined(
    project: Project,
    checks: Mapping[str, Check] = CHECKS,
    began: Callable[[str], None] = lambda topic: None,
) -> Iterator[Topic]:
    """Yield the outcome of each check as soon as it is known.

    Args:
        began: receives each topic before it is looked at.
    """
    for topic, check in checks.items():
        began(topic)
        yield Topic(topic, findings_of(check, project))


def findings_of(check: Check, project: Project) -> list[Finding]:
    """What a check found, or why it could not be made."""
    try:
        return check(project)
    except UserError as error:  # of something that another check reports on
        return [warning(f"not checked: {_first_line(error)}", "Fix that first")]
    except Exception as error:  # noqa: BLE001 -- a doctor that crashes is of no use to anybody
        found = f"could not be checked: {type(error).__name__}: {_first_line(error)}"
        return [problem(found, "This is a bug; please report it")]


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0]
