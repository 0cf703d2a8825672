"""Sixty readers of a city library, all of them invented: an example of two files in another shape.

    python data/examples/make_readers.py

Nobody here is real, and no share means anything. Fields are nested, two are lists, one is free text,
and some numbers are written as text. In `augmented`, gender and origin are re-assigned in turn to
the same sixty readers, so that each level is equally frequent; all else stays as it was.
"""

import json
import random
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
N_READERS, SEED = 60, 2026

GENDERS = ("Frau", "Mann", "divers")
ORIGINS = ("Deutschland", "Frankreich", "Türkei")
CITIES = {"Köln": ("Ehrenfeld", "Nippes", "Sülz"), "Straßburg": ("Neudorf", None), "Saarbrücken": (None,)}
JOBS = ("Lehrkraft", "Pflegekraft", "Bürokraft", "Küchenhilfe", "Fachkraft für Lagerlogistik")
WORK = ("employed", "in training", "retired", "looking for work")
GENRES = ("Krimis", "Gedichte", "Comics", "Sachbücher über Gärten", "Reiseberichte", "Märchen")
PLACES = ("in der Straßenbahn", "am Küchentisch", "im Lesesaal", "auf dem Balkon", "spät am Abend")
PLANS = (
    "einen Lesekreis gründen",
    "wieder mehr vorlesen",
    "Französisch auffrischen",
    "die Bücherei früher öffnen",
)


def reader(number: int, rng: random.Random) -> dict[str, Any]:
    """One invented reader; who is from elsewhere is more often looking for work."""
    origin = rng.choices(ORIGINS, (7, 2, 1))[0]
    age = rng.randint(16, 90)
    weights = (6, 2, 0, 1) if origin == ORIGINS[0] else (3, 2, 0, 4)
    work = WORK[2] if age > 66 else rng.choices(WORK, weights)[0]
    city = rng.choices(tuple(CITIES), (6, 3, 1))[0]
    jobs = [{"title": title, "years": rng.randint(1, 20)} for title in rng.sample(JOBS, rng.randint(0, 2))]
    first, second = rng.sample(GENRES, 2)
    minutes = rng.randint(12, 240) * 10
    return {
        "reader": f"r-{number:03d}",
        "gender": rng.choices(GENDERS, (12, 7, 1))[0],
        "origin": origin,
        "age": age,
        "address": {"city": city, "district": rng.choice(CITIES[city])},
        "work": work,
        "jobs": jobs,
        "languages": sorted({"fr" if city == "Straßburg" else "de", rng.choice(("de", "fr", "tr", "en"))}),
        "newsletter": rng.random() < 0.4,
        "reading": {"minutes_a_month": f"{minutes:,}", "way": f"{rng.randint(1, 9) * 5} min"},
        "about": f"Leiht meist {first} und {second} aus, liest {rng.choice(PLACES)} "
        f"und möchte {rng.choice(PLANS)}.",
    }


def augmented(readers: list[dict[str, Any]], rng: random.Random) -> list[dict[str, Any]]:
    """The same readers; every pair of gender and origin is given to equally many of them."""
    pairs = [(gender, origin) for gender in GENDERS for origin in ORIGINS]
    given = (pairs * (len(readers) // len(pairs) + 1))[: len(readers)]
    rng.shuffle(given)
    return [
        {**one, "gender": gender, "origin": origin}
        for one, (gender, origin) in zip(readers, given, strict=True)
    ]


def as_json(readers: list[dict[str, Any]]) -> str:
    """An array with one reader a line."""
    return "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in readers) + "\n]\n"


def main() -> None:
    rng = random.Random(SEED)
    original = [reader(number, rng) for number in range(1, N_READERS + 1)]
    (HERE / "readers_original.json").write_text(as_json(original), "utf-8")
    (HERE / "readers_augmented.json").write_text(as_json(augmented(original, rng)), "utf-8")


if __name__ == "__main__":
    main()
