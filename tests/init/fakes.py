"""Bees of one hive, before and after: nested, with a list, and nothing of the default schema."""

import json
from pathlib import Path
from typing import Any

from stages.common.records import Condition
from thesis.init.people.arranging import Identity
from thesis.init.people.deciding import People, people_of
from thesis.init.people.ties import Settled
from thesis.init.records.reading import Given, look
from thesis.init.records.seen import Seen

NULLS = frozenset({"", "N/A"})


def quiet(things: Any, words: str) -> Any:
    return things


def seen(*values: Any, augmented: Any = ()) -> Seen:
    """What stands in a place: the values of original, then those of augmented."""
    place = Seen()
    for value in values:
        place.look(value, "original", NULLS)
    for value in augmented:
        place.look(value, "augmented", NULLS)
    return place


def bee(number: int, **changes: Any) -> dict[str, Any]:
    caste = "Königin" if number % 9 == 0 else "Arbeiterin"
    garden = {"Blüten": ["Klee", "Linde"] if number % 2 else [], "weg": f"{number % 7 + 1} km"}
    bare = {"nr": number, "Kaste": caste, "garten": garden, "honig": f"1,{number:03d}"}
    return {**bare, "summt": number % 3 == 0, "notiz": f"Biene {number} fliegt gern weit.", **changes}


def bees(n: int = 60) -> tuple[list[Any], list[Any]]:
    before = [bee(number) for number in range(n)]
    return before, [{**one, "Kaste": ("Drohne", "Arbeiterin")[one["nr"] % 2]} for one in before]


def given(n: int = 60) -> dict[Condition, Given]:
    return files(*bees(n))


def write_bees(folder: Path, n: int = 60) -> tuple[Path, Path]:
    paths = folder / "before.json", folder / "after.json"
    for path, records in zip(paths, bees(n), strict=True):
        path.write_text(json.dumps(records, ensure_ascii=False), "utf-8")
    return paths


def person(number: int, **changes: Any) -> dict[str, Any]:
    """Somebody who is unlike others in age, town and trade together."""
    age, town, trade = 18 + 7 * number % 61, "abcde"[number * number % 5], "wxyz"[number // 3 % 4]
    return {"id": number, "sex": "fm"[number % 2], "age": age, "town": town, "trade": trade, **changes}


def files(before: list[Any], after: list[Any]) -> dict[Condition, Given]:
    return {"original": Given(Path("before.json"), before), "augmented": Given(Path("after.json"), after)}


def people(before: list[Any], after: list[Any], **said: Any) -> People:
    """Who is who in two files, by `--id`, `--pair-by` and `--keep`, or by evidence."""
    both = files(before, after)
    return people_of(both, look(both, NULLS, quiet), NULLS, Settled(**said))


def identity(before: list[Any], after: list[Any], **said: Any) -> Identity:
    """The field that ties two files together, where there must be one."""
    found = people(before, after, **said).identity
    assert found is not None
    return found
