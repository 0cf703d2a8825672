"""Sixty patients of a clinic, all of them invented: an example with private fields and no plain identifier.

    python data/examples/make_patients.py

Nobody here is real, and no share means anything. Records look like those of hospitals (FHIR): names,
telephone numbers and record numbers stand in lists of objects. In `augmented` the patients stand in another
order, and gender is re-assigned; all else stays as it was.
"""

import json
import random
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
N_PATIENTS, SEED = 60, 2027

FAMILIES = ("Abara", "Brandt", "Castel", "Doyle", "Eklund", "Ferro", "Grau", "Hakimi", "Iwata", "Jansen")
GIVEN = ("Ari", "Bo", "Chris", "Dana", "Eli", "Fran", "Gerry", "Jo", "Kim", "Robin", "Sam", "Toni")
WARDS = ("heart", "bones", "eyes", "skin")
VISITS = ("comes by bus", "comes on foot", "is brought by a neighbor", "comes by car")
STAYS = ("for lunch", "the whole day", "an hour")


def patient(number: int, rng: random.Random) -> dict[str, Any]:
    """One invented patient; some notes say the name."""
    family, given = rng.choice(FAMILIES), rng.choice(GIVEN)
    who = f"{given} {family}" if number % 12 == 0 else "The patient"
    return {
        "resourceType": "Patient",
        "identifier": [{"use": "usual", "system": "urn:example:mrn", "value": f"MRN-{40000 + 37 * number}"}],
        "name": [{"use": "official", "family": family, "given": [given]}],
        "telecom": [{"system": "phone", "value": f"(555) 010-{1000 + 53 * number}"}],
        "gender": rng.choices(("female", "male"), (7, 3))[0],
        "age": rng.randint(18, 90),
        "address": [{"line": [f"{number} Example Street"], "city": rng.choice(("Northtown", "Southtown"))}],
        "stay": {"ward": rng.choice(WARDS), "nights": rng.randint(0, 14)},
        "note": f"{who} {rng.choice(VISITS)} and stays {rng.choice(STAYS)}.",
    }


def augmented(patients: list[dict[str, Any]], rng: random.Random) -> list[dict[str, Any]]:
    """The same patients in another order, each gender given to half of them."""
    genders = [("female", "male")[i % 2] for i in range(len(patients))]
    rng.shuffle(genders)
    others = [{**one, "gender": gender} for one, gender in zip(patients, genders, strict=True)]
    return rng.sample(others, len(others))


def as_json(patients: list[dict[str, Any]]) -> str:
    """An array with one patient a line."""
    return "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in patients) + "\n]\n"


def main() -> None:
    rng = random.Random(SEED)
    original = [patient(number, rng) for number in range(1, N_PATIENTS + 1)]
    (HERE / "patients_original.json").write_text(as_json(original), "utf-8")
    (HERE / "patients_augmented.json").write_text(as_json(augmented(original, rng)), "utf-8")


if __name__ == "__main__":
    main()
