"""Any value in any place of an export is read, counted or refused in words, without a traceback."""

import copy
import json
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from stages.shell.errors import UserError
from tests.importing.exports import PROFILE, activity, artifact, assistant, attaching, chatgpt, claude, human
from tests.importing.test_gemini import member
from thesis.importing import chatgpt as reader_of_chatgpt
from thesis.importing import claude as reader_of_claude
from thesis.importing.takeout import takeout_turns

CANVAS = {"content_type": "code", "text": json.dumps({"name": "p", "content": PROFILE})}
FILES = {"filepaths": ["a.json"], "path": "a.json", "command": "create", "file_text": PROFILE}
CHATGPT = chatgpt(
    [
        attaching("user", "hello", "a.json"),
        {"author": {"role": "assistant"}, "recipient": "canmore.create_textdoc", "content": CANVAS},
        {"author": {"role": "assistant"}, "metadata": {"canvas": {}}, "content": {"parts": [PROFILE]}},
    ],
    gizmo_id="g-1",
)[0]
CLAUDE = claude(
    [
        human("hello", "a.json", personalized_styles=[{}], parent_message_uuid="x"),
        assistant(artifact("create", content=PROFILE), {"type": "tool_use", "name": "x", "input": FILES}),
    ]
)[0]
GEMINI = activity("hello", PROFILE, details=[{"name": "x", "url": "y"}], subtitles=[{"name": "z"}])
ODD: st.SearchStrategy[object] = st.sampled_from(
    [None, True, 5, -1e300, "", "x", "{", "[1", '{"a": 1}', "\ud800", [], {}, [None], [[]], {"x": []}]
)


def places(value, path=()):
    """The paths of all values within a value."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def odd(export):
    """The export with another value in one or two places."""
    paths = list(places(export))[1:]
    return st.lists(st.tuples(st.sampled_from(paths), ODD), min_size=1, max_size=2).map(
        lambda changes: changed(export, changes)
    )


def changed(export, changes):
    export = copy.deepcopy(export)
    for path, value in changes:
        holder = export
        try:
            for key in path[:-1]:
                holder = holder[key]
            holder[path[-1]] = value
        except (TypeError, KeyError, IndexError):  # the first change took the second one's place away
            continue
    return export


@settings(max_examples=150)
@given(odd(CHATGPT), odd(CLAUDE), odd(GEMINI))
def test_no_value_ends_in_a_traceback(of_chatgpt, of_claude, of_gemini):
    for reader, item in ((reader_of_chatgpt, of_chatgpt), (reader_of_claude, of_claude)):
        if reader.is_conversation(item):
            reader.n_unread(item)
            for turn in reader.turns(item):
                json.dumps(vars(turn))
    with suppress(UserError):
        list(takeout_turns([member("MyActivity.json", [of_gemini])], [], lambda _: None))
