"""dvc.lock against dvc.yaml, and each stage's record against the records of the stages before it."""

from collections.abc import Collection, Iterator, Mapping

from thesis.verify.findings import Finding, compared
from thesis.verify.lock import LOCK, PIPELINE, Described, Locked, Records


def check(records: Records) -> Iterator[Finding]:
    """Whether dvc.lock recorded all stages of dvc.yaml."""
    yield _listed("pipeline", f"stages of {PIPELINE}", records.described, records.locked)


def of_stage(records: Records, name: str) -> Iterator[Finding]:
    """Whether dvc.lock recorded all that dvc.yaml lists: a dep or an output could have been taken off."""
    if name in records.described:
        yield from _as_described(records.described[name], records.locked[name])
    yield from _handed_on(records.locked, name)


def _as_described(described: Described, locked: Locked) -> Iterator[Finding]:
    keys = {f"{file}: {key}" for file, key in described.params}
    found = {f"{file}: {key}" for file, values in locked.params.items() for key in values}
    findings = [
        compared(locked.name, "command", described.command, locked.command),
        _listed(locked.name, "deps", described.deps, locked.deps),
        _listed(locked.name, "outputs", [*described.carried, *described.kept], locked.outs),
        _listed(locked.name, "names of params", keys, found),
    ]
    if all(finding.is_same for finding in findings):
        told = f"as {PIPELINE} describes it"
        yield Finding(locked.name, f"record in {LOCK}", told, told, True)
    yield from (finding for finding in findings if not finding.is_same)


def _listed(stage: str, what: str, expected: Collection[str], found: Collection[str]) -> Finding:
    """Two lists that must hold the same names."""
    told = f"{len(expected)} listed in {LOCK}"
    lacking, added = sorted({*expected} - {*found}), sorted({*found} - {*expected})
    if not lacking and not added:
        return Finding(stage, what, told, told, True)
    parts = [f"without {', '.join(lacking)}"] * bool(lacking) + [f"also {', '.join(added)}"] * bool(added)
    return Finding(stage, what, told, "; ".join(parts), False)


def _handed_on(locked: Mapping[str, Locked], name: str) -> Iterator[Finding]:
    """Whether a stage read what other stages wrote, by the records alone."""
    written = {path: md5 for stage in locked.values() for path, md5 in stage.outs.items()}
    shared = {path: md5 for path, md5 in locked[name].deps.items() if path in written}
    others = [path for path, md5 in shared.items() if md5 != written[path]]
    if shared:
        told = f"{len(shared)} as recorded where they were written"
        got = f"others: {', '.join(others)}" if others else told
        yield Finding(name, "outputs it read", told, got, not others)
