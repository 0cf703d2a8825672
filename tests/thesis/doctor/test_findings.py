"""Words, counts and the form for scripts."""

from thesis.doctor.findings import MARKS, Topic, as_json, counts, mistake, ok, problem, summary, warning

TOPICS = [
    Topic("disk", [ok("room"), warning("little", "make room")]),
    Topic("data", [problem("bad", "fix")]),
]


def test_each_word_is_counted():
    assert counts(TOPICS) == {"ok": 1, "warning": 1, "problem": 1}
    assert summary(TOPICS) == "1 ok, 1 warning, 1 problem"
    assert summary([]) == "0 ok, 0 warnings, 0 problems"


def test_words_and_marks_differ_without_color():
    assert len({*MARKS}) == len({*MARKS.values()}) == 3


def test_json_has_a_row_for_each_finding():
    value = as_json(TOPICS)
    assert [row["topic"] for row in value["findings"]] == ["disk", "disk", "data"]
    assert value["findings"][1] == {
        "topic": "disk",
        "word": "warning",
        "found": "little",
        "remedy": "make room",
    }
    assert value["findings"][0]["remedy"] is None


def test_a_mistake_of_one_line_keeps_it_as_what_was_found():
    assert mistake("a.json: not found").found == "a.json: not found"
