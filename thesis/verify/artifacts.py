"""Where the artifacts are that several tiers read."""

from pathlib import Path

from stages.common.records import CONDITIONS, Split

STORE = Path("release/store")
"""The remote that git carries."""
PREPARED = Path("data/prepared")
GENERATED = Path("data/generated/completions.jsonl")
SCORES = Path("data/scores/nll.jsonl")
COLLECTED = Path("data/collected/completions.jsonl")
PROFILES = Path("data/evaluated/profiles.jsonl")
DATA = Path("metrics/data.json")
SUMMARY = Path("metrics/score.json")
ADAPTERS = {condition: Path("models/adapters") / condition for condition in CONDITIONS}
HELD_OUT: tuple[Split, ...] = ("validation", "test")
