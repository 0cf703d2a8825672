"""Numbers of groups are names: no mean of them is compared; counts and measures stay numbers."""

import json

import pytest

from stages.common.records import CONDITIONS
from tests.init.fakes import seen
from thesis.init.fields.kinds import kind_of_place
from thesis.init.fields.numerals import NO_RULES
from thesis.init.fields.private import private
from thesis.init.running import run_init

GROUPS = [
    "hhid",
    "HHID",
    "household",
    "household_id",
    "householdId",
    "hh_id",
    "id_household",
    "hhnr",
    "Haushaltsnummer",
]
GROUPS += [
    "school",
    "schoolid",
    "current_school",
    "school.id",
    "classroom",
    "class_no",
    "site",
    "site_number",
    "psu",
]
GROUPS += [
    "cluster",
    "cluster_code",
    "village",
    "home_region",
    "hospital.code",
    "Klassennr",
    "people[].family_id",
]
COUNTS = [
    "age",
    "income",
    "household_income",
    "hours",
    "hours_school",
    "children",
    "number_of_children",
    "n_children",
]
COUNTS += [
    "household_size",
    "household_members",
    "school_years",
    "class_size",
    "days_hospital",
    "n_school",
    "casino",
]
COUNTS += [
    "distance_to_school",
    "adults_household",
    "num_household",
    "company_size",
    "family.size",
    "team_score",
]

MANY = [100 + i // 2 for i in range(60)]
"""Two people for each."""
GAPS = [3 * (i % 25) + 1 for i in range(60)]
TABLE = [float(one) for one in GAPS]
"""As pandas writes a column with nulls."""
TEXTS = [str(one) for one in GAPS]
FEW = [(3, 17, 40)[i % 3] for i in range(60)]
UNLIKE = [7 * i + 1 for i in range(60)]


@pytest.mark.parametrize("path", GROUPS)
def test_the_number_of_a_group_is_a_name(path):
    for values in (MANY, GAPS, TABLE, TEXTS, UNLIKE):
        assert kind_of_place(path, seen(*values), NO_RULES) == "names"


@pytest.mark.parametrize("path", GROUPS)
def test_few_groups_are_codes_whatever_their_numbers(path):
    expected = "names" if "[]" in path else "codes"
    assert kind_of_place(path, seen(*FEW), NO_RULES) == expected


@pytest.mark.parametrize("path", COUNTS)
def test_counts_and_measures_stay_numbers(path):
    for values in (MANY, GAPS, TABLE, TEXTS, FEW, [i % 9 + 2 for i in range(60)]):
        assert kind_of_place(path, seen(*values), NO_RULES) == "numbers"


def test_shares_by_group_are_no_names_of_groups():
    assert kind_of_place("region", seen(0.25, 0.5, 1.0), NO_RULES) == "numbers"


def test_the_name_of_a_family_is_private_and_that_of_a_school_is_not():
    names = [f"{a}o{b}er" for a in "KLMNPRST" for b in "bdfgklmnprt"]
    assert private(seen(*[{"family_name": one, "school_name": one} for one in names])) == {
        "family_name": "name"
    }


def test_no_group_is_drafted_as_a_number(workspace, tmp_path, capsys):
    def person(i, condition):
        gender = "fm"[i % 2] if condition == "original" else "fm"[i // 2 % 2]
        groups = {
            "hhid": MANY[i % 60],
            "school": {"id": GAPS[i % 60]},
            "site": (3, 17, 40)[i % 3],
            "psu": 7 * i,
        }
        return {"id": f"p{i}", "gender": gender, "age": 20 + i, "children": i % 9, **groups}

    paths = {c: tmp_path / f"{c}.json" for c in CONDITIONS}
    for condition, path in paths.items():
        path.write_text(json.dumps([person(i, condition) for i in range(60)]), "utf-8")
    run_init(paths, force=False, dry_run=True, as_json=True)
    fields = json.loads(capsys.readouterr().out)["fields"]
    roles = {field["path"]: field["role"] for field in fields}
    assert {path for path, role in roles.items() if role == "number"} == {"age", "children"}
    assert [roles[path] for path in ("hhid", "school.id", "site", "psu")] == [
        "attribute",
        "attribute",
        "attribute",
        "text",
    ]
