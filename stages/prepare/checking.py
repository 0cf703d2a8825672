"""Records of a raw file that are kept, and those that are refused, with the reason."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stages.common.records import Condition, Rejected
from stages.common.schema import SCHEMA
from stages.prepare.cleaning import Cleaner, CleanRecord
from stages.prepare.reading import RawRecord
from stages.shell.errors import mistakes


@dataclass(frozen=True)
class Checked:
    """The outcome for one file."""

    records: list[CleanRecord]
    refused: list[Rejected]
    duplicates: list[Rejected]

    @property
    def n_raw(self) -> int:
        return len(self.records) + len(self.refused) + len(self.duplicates)


def check(raw: Iterable[RawRecord], cleaner: Cleaner, file: str) -> Checked:
    """Sort every record: kept, refused, or a duplicate of an earlier one of the same person.

    Records without an id of their own are different people, however alike.
    """
    records: list[CleanRecord] = []
    refused, duplicates = [], []
    first_by_content: dict[tuple[str, str], int] = {}
    for entry in raw:
        clean = cleaner.clean(entry.position, entry.value)
        if isinstance(clean, list):
            refused.append(
                Rejected(file=file, record=entry.position, reason="; ".join(clean), found=entry.value)
            )
            continue
        first = first_by_content.setdefault((clean.source_id, clean.text), entry.position)
        if first == entry.position or not clean.has_own_id:
            records.append(clean)
        else:
            reason = f"duplicate of record {first}"
            duplicates.append(Rejected(file=file, record=entry.position, reason=reason, found=entry.value))
    return Checked(records, refused, duplicates)


def refuse_too_many(checked: Checked, max_rate: float, file: str, rejected: Path) -> None:
    """UserError if more than `max_rate` of a file's records were refused."""
    refused = checked.refused
    if len(refused) > max_rate * checked.n_raw:
        lines = [f"record {row.record}, {reason}" for row in refused for reason in row.reason.split("; ")]
        raise mistakes(
            f"{file}: {len(refused)} of {checked.n_raw} records do not fit {SCHEMA}",
            lines,
            f"Fix them, or raise prepare.max_rejected_rate (now {max_rate}); the records are in {rejected}",
        )


def refuse_mixed_ids(checked: Mapping[Condition, Checked]) -> None:
    """UserError if some people have an id and others do not: twins could not find each other."""
    without = [
        f"data/raw/{condition}.json: record {record.position}"
        for condition, found in checked.items()
        for record in found.records
        if not record.has_own_id
    ]
    if without and len(without) < sum(len(found.records) for found in checked.values()):
        raise mistakes(
            f"data/raw: {len(without)} records have no identifier, others have one",
            without,
            "Give one to everyone in both files, or to no one (it is then made of the unprotected fields)",
        )


def refuse_shared_ids(records: Sequence[CleanRecord], max_twins: int, file: str, condition: str) -> None:
    """UserError if one source_id stands for more people than the params allow."""
    positions = defaultdict(list)
    for record in records:
        if record.has_own_id:
            positions[record.source_id].append(record.position)
    shared = [
        f"{source_id}: records {', '.join(map(str, found))}"
        for source_id, found in positions.items()
        if len(found) > max_twins
    ]
    if shared:
        raise mistakes(
            f"{file}: source_ids that stand for more than {max_twins} record(s): {len(shared)}",
            shared,
            "Give each person an id of their own; if they are versions of one person, raise "
            f"prepare.max_twins.{condition} (now {max_twins})",
        )
