"""Answers that no chat writes are read within seconds; messages about them are short and count the rest."""

import json
from pathlib import Path

import pytest

from stages.collect.folder import AnswerFile
from stages.collect.header import read_provenance, split_header
from stages.collect.reading import ReadAnswer
from stages.collect.rows import rows_of
from stages.collect.summary import remarks
from stages.common.cards import MAX_UNKNOWN, facts_of
from stages.common.pasted import Provenance
from stages.common.reasons import reasons_of
from stages.common.schema import ProfileSchema
from stages.evaluate.reading.profiles import evaluated
from stages.shell.errors import UserError
from tests.prepare.fakes import NODE, ship

N = 50_000
SCHEMA = ProfileSchema(NODE, "ships.json")
KEYS = {field.path.split(".")[0].lower() for field in SCHEMA.all_fields}
SHIP = json.dumps(
    {key: value for key, value in ship().items() if SCHEMA.field(key) or isinstance(value, dict)}
)
WIDE = {f"k{i}": i for i in range(N)}
pytestmark = pytest.mark.timeout(120)  # no measurement: what was quadratic takes hours


def rows(text):
    file = AnswerFile("claude", "none", "free", 1, Path("data/external/claude/none/free/01.md"), None)
    return rows_of([ReadAnswer(file, text, Provenance())], ["free"], KEYS)[0]


def shown(text):
    """What a report shows of an answer: facts and reasons of each draw."""
    found = rows(text)
    remarks(found, [], ["claude"], KEYS)
    read = [evaluated(row, SCHEMA) for row in found]
    facts = [[] if one.profile is None else facts_of(one.profile, one.violations, SCHEMA) for one in read]
    return list(zip(facts, (reasons_of(one, SCHEMA) for one in read), strict=True))


@pytest.mark.parametrize("dump", [json.dumps, lambda value: json.dumps(value).replace('"}', '",}')])
def test_an_object_of_50_000_keys(dump):
    [(facts, said)] = shown(dump(json.loads(SHIP) | WIDE))
    assert facts[-1].path == f"… and {N - MAX_UNKNOWN:,} more fields, in the raw text"
    assert f"k11 and {N - 12} more" in "".join(said)
    assert sum(map(len, said)) < 2000


@pytest.mark.parametrize(
    ("text", "n_draws"),
    [
        (str(json.loads(SHIP) | WIDE), 1),
        (json.dumps(WIDE)[:-1], 1),
        (json.dumps({key: {"x": 1} for key in WIDE})[:-1] + ",}", 1),
        ('{"a":' * N + "1" + "}" * N, 1),
        ('{"a":' + "[" * N + "]" * N + "}", 1),
        ('{"a":' * N + SHIP + "}" * N, None),
        ("{" * N, 1),
        ("{a} " * N, 1),
        ("{x: " * N, 1),
        ('{"a": "' + "word " * 10 * N, 1),
        ('{"a": "' + "\\\\" * 10 * N + '"}', 1),
        ('\\"' * 10 * N, 1),
        ("{" + "“a”: “b”, " * N, 1),
        ('{"a"' + " " * 10 * N + "x}", 1),
        ('{"' + "k" * 10 * N + '": 1}', 1),
        (json.dumps({".".join("a" * N): 1}), 1),
        (json.dumps({"note": "x" * 20 * N}), 1),
        (json.dumps({"note": [{"a": i} for i in range(N)]}), 1),
    ],
    ids=range(18),
)
def test_a_hostile_answer_is_read_and_shown_briefly(text, n_draws):
    found = shown(text)
    assert len(found) == (n_draws or len(found))
    assert all(sum(map(len, said)) < 20_000 for _, said in found)
    assert all(
        len(facts) < 100 and max(len(fact.value) for fact in facts) < 2100 for facts, _ in found if facts
    )


def test_100_000_profiles_in_one_file_are_refused_by_name():
    with pytest.raises(UserError, match=r"free/01\.md: holds more than 2,000 profiles"):
        rows(f"{SHIP}\n" * 100_000)


def test_the_last_of_many_broken_objects_is_not_lost_silently():
    [(_, said)] = shown("{a} " * 5000)
    assert "901 more objects that are not JSON" in said


def bomb(depth):
    lines = ["a0: &a0 [lol, lol]", *(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, depth))]
    return "\n".join([*lines, f"product: *a{depth - 1}\n"])


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (bomb(64), "names a value"),
        ("product: " + "[" * 20_000, "nested too deeply|not YAML"),
        ("product: [" + "x, " * 10_000 + "]", "characters"),
        ("product: " + "x" * 10**6, "1,000,009 characters"),
        ("\n".join(f"key{i}: 1" for i in range(5_000)), "and 4,980 more|characters"),
    ],
)
def test_a_header_that_grows_is_refused(header, told):
    with pytest.raises(UserError, match=told) as refused:
        read_provenance(header)
    assert len(str(refused.value)) < 10_000


def test_100_000_lines_before_an_answer_are_no_header():
    text = "---\n" + "some: thing\n" * 100_000 + "---\n{}"
    assert split_header(text) == (None, text)
