"""Documents beside the chat: the answer is their last state, or a reason; never the sentence beside them."""

import pytest

from tests.importing.exports import PROFILE
from thesis.importing.claude_tools import edits_of_calls
from thesis.importing.documents import Documents
from thesis.importing.objects import keys_of, weight
from thesis.importing.shell import edits_of_code, edits_of_shell
from thesis.importing.turns import Beside, Edit

OTHER = '{"age": 99}'


def after(*edits, said="Done."):
    return Documents().answer(said, edits)


def test_a_document_is_the_answer_where_what_was_said_has_no_profile():
    made = Edit("whole", "a", new=PROFILE)
    assert after(made) == PROFILE
    assert after(made, said="As one JSON object `{ … }`:") == PROFILE
    assert after(made, said="Note: {see below}, and more: this") == PROFILE
    assert after(made, said=OTHER) == OTHER


def test_a_template_is_no_profile():
    made = Edit("whole", "a", new='{"age": 34, "job": "none"}')
    assert after(made, said='In this form: {"age": integer, "job": text}') == made.new


def test_where_neither_holds_a_profile_both_are_the_answer():
    assert after(Edit("whole", "a", new="I cannot do that.")) == "Done.\n\nI cannot do that."


def test_the_last_state_counts_over_all_turns():
    documents = Documents()
    assert documents.answer("", [Edit("whole", "a", new='{"age": 3}')]) == '{"age": 3}'
    assert documents.answer("What a day", []) == "What a day"
    assert documents.answer("Changed.", [Edit("replaced", "a", "3", "34")]) == PROFILE
    assert documents.answer("Here.", [Edit("shown", "a")]) == PROFILE


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (Edit("replaced", "a", "8", "9"), Beside.EDITS),
        (Edit("pattern", "a", "(x+x+)+y", ""), Beside.EDITS),
        (Edit("pattern", "a", "(", ""), Beside.EDITS),
        (Edit("replaced", "", "", "x"), Beside.EDITS),
        (Edit("lost", "a"), Beside.ELSEWHERE),
        (Edit("shown", "b"), Beside.ELSEWHERE),
    ],
)
def test_a_document_that_is_not_known_is_a_reason(edit, why):
    assert after(Edit("whole", "a", new="none yet"), edit) == why
    assert after(Edit("whole", "a", new="none yet"), edit, said=PROFILE) == PROFILE


def test_patterns_are_those_of_python():
    made = Edit("whole", "a", new='{"age": 3, "n": 3}')
    assert after(made, Edit("pattern", "", r'"age": \d', '"age": 34')) == '{"age": 34, "n": 3}'
    assert after(made, Edit("pattern", "", "3", "4", many=True)) == '{"age": 4, "n": 4}'
    assert after(made, Edit("pattern", "", '{"age": 3, "n": ', '{"n": ')) == '{"n": 3}'


@pytest.mark.parametrize(
    "command",
    [
        f"cat > /mnt/user-data/outputs/p.json <<'EOF'\n{PROFILE}\nEOF",
        f"mkdir -p /tmp/x && cat << EOF > /tmp/x/p.json\n{PROFILE}\nEOF\nls -la /tmp/x; cat /tmp/x/p.json",
        f"cat <<'END' | tee p.json\n{PROFILE}\nEND",
        f"cd /home && cat > p.json << 'EOF'\n{PROFILE}\nEOF\ncp p.json /mnt/out/p.json 2>/dev/null",
        f"echo '{PROFILE}' > p.json",
        f"printf '%s\\n' '{PROFILE}' > out/p.json",
        f"cat > p.json <<'EOF'\n{PROFILE}\nEOF\npython3 -m json.tool p.json > /dev/null && echo ok",
    ],
)
def test_what_a_shell_writes_is_a_document(command):
    assert after(*edits_of_shell(command)).strip() == PROFILE


def test_what_a_shell_adds_stands_behind():
    edits = edits_of_shell("cat > p.json <<'EOF'\n{\"age\":\nEOF\necho '34}' >> p.json")
    assert keys_of(after(*edits)) == ["age"]


@pytest.mark.parametrize(
    "command",
    [
        "python3 make.py > p.json",
        "python3 <<'EOF'\nimport json\njson.dump(profile, open('p.json', 'w'))\nEOF",
        "cat > make.py <<'EOF'\nprint({\"age\": 34})\nEOF\npython3 make.py > p.json",
        'cat > p.json <<EOF\n{"age": $AGE}\nEOF',
        f"cat > p.json <<'EOF'\n{PROFILE}\nEOF\nsed -i 's/34/35/' p.json",
        f"echo '{PROFILE}' | jq '.age = 35' > p.json",
        'echo "{\\"age\\": $AGE}" > p.json',
    ],
)
def test_what_is_written_otherwise_is_not_known(command):
    assert after(*edits_of_shell(command)) == Beside.ELSEWHERE


@pytest.mark.parametrize(
    "command", ["ls -la", "cat p.json", "python3 -m json.tool p.json 2>&1", "a => b", ""]
)
def test_what_writes_nothing_makes_no_document(command):
    assert edits_of_shell(command) == ()
    assert after(said="I cannot do that.") == "I cannot do that."


def test_programs_that_write_name_their_files():
    assert edits_of_code("x = 3 > 2\nprint(open('p.json').read())") == ()
    assert edits_of_code("Path(name).write_text(x)") == (Edit("lost", "?"),)
    assert edits_of_code("with open('a/p.json', 'w') as f: f.write(x)") == (Edit("lost", "p.json"),)


def test_a_broken_object_has_keys_too():
    assert keys_of('{"age": 34, "job": "no') == ["age", "job"]
    assert weight('{"a": 1}') > weight('{"a": 1, "b": ')
    assert weight("nothing {at all}") == (0, 0)


@pytest.mark.parametrize("key", ["new_str", "insert_text"])
def test_lines_that_claude_inserts_stand_below_the_line_that_is_named(key):
    insert = {"command": "insert", "path": "/a.json", "insert_line": 1, key: '"age": 3\n'}
    call = {"type": "tool_use", "name": "str_replace_based_edit_tool", "input": insert}
    edits = [Edit("whole", "a.json", new="{\n}"), *edits_of_calls([call])]
    assert Documents().answer("Done.", edits) == '{\n"age": 3\n}'
