"""Names of fields, levels and folders that would act on a terminal are shown as marks by `thesis init`."""

import json
from pathlib import Path

from stages.common.records import Condition
from thesis.init.running import run_init

ACTING = "\x1b[2J\x9b31m\u202e\u061c"


def test_in_the_table_and_in_the_list_of_what_is_taken_away(workspace, tmp_path, capsys):
    people = [
        {
            "id": f"p{i}",
            f"town{ACTING}": f"{ACTING}{i % 3}",
            "gender": ["female", "male"][i % 2],
            "[red]a": i % 7,
        }
        for i in range(60)
    ]
    changed = [{**one, "gender": ["female", "male"][i % 3 % 2]} for i, one in enumerate(people)]
    paths: dict[Condition, Path] = {
        "original": tmp_path / f"o{ACTING}.json",
        "augmented": tmp_path / "augmented.json",
    }
    for path, records in zip(paths.values(), (people, changed), strict=True):
        path.write_text(json.dumps(records), "utf-8")
    pasted = Path("data/external") / f"x{ACTING}-interactive" / "none" / "free-profile" / "01.md"
    pasted.parent.mkdir(parents=True)
    pasted.write_text("{}", "utf-8")
    run_init(paths, force=False, dry_run=True, as_json=False)
    printed = "".join(capsys.readouterr())
    assert not {*printed} & {*ACTING} - {*"[2J31m"}
    assert "town␛[2J" in printed
    assert "[red]a" in printed
    assert "Would be moved away" in printed
