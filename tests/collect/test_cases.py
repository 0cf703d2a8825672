"""Answers as people paste them: torn, wrapped, with a language's quotation marks, with a page's buttons."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.collect.splitting import split
from stages.common.pasted import Provenance, arm_of
from stages.common.schema import load_schema
from stages.evaluate.reading.parsing import parse
from tests.collect.test_layout import HERE, found, message, put

CASES = Path(__file__).parent / "cases"
KEYS = {field.path.split(".")[0].lower() for field in load_schema().all_fields}
TEXT = "A married adult, who works: full time."


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Path("data/external")


def person(age: int, **more: object) -> str:
    levels = {
        "gender": "female",
        "race": "white",
        "citizen": "yes",
        "language": "english",
        "disability": "no",
    }
    rest = {"married": "yes", "education": "college", "employment": "employed", "hours": 40, "commute": 25}
    return json.dumps(
        {"age": age, **levels, **rest, "income": 52000, "summary": TEXT, **more}, ensure_ascii=False
    )


def read(answer: str) -> list[object]:
    """Status and age of every draw, and the text around them."""
    whole = split(answer, KEYS)
    parsed = [parse(piece.text, KEYS) for piece in whole.pieces]
    return [*((one.status, one.profile and one.profile.get("age")) for one in parsed), whole.around]


ONE, TWO, THREE = person(1), person(2), person(3)
TORN, LAST, NEXT = ("invalid", None), ("strict", 3), ("strict", 2)


def case(name: str) -> str:
    return (CASES / name).read_text("utf-8")


def test_the_cases_that_were_seen():
    torn = read(case("50-torn-then-colon.md"))
    assert torn == [("invalid", None), ("strict", 31), ("strict", 32), "Profile 1:\nProfile 2:\nProfile 3:"]
    assert read(case("51-german-quotes.md")) == [("repaired", 34), ""]
    assert read(case("52-one-in-a-wrapper.md")) == [("strict", 30), ""]
    assert read(case("56-page-furniture.md")) == [("strict", 34), ""]


@pytest.mark.parametrize(
    "answer",
    [
        f"Profile 1:\n{ONE[:-1]}\n\nProfile 2:\n{TWO[:-1]}\n\nProfile 3:\n{THREE}",
        f'### 1. Anna\n{ONE[:-20]}\n\n### 2. Ben\n{TWO[:-1]}\n\n### 3. "Cem"\n{THREE}',
        f"**1**\n```json\n{ONE[:-20]}\n```\n**2**\n```json\n{TWO[:60]}\n```\n**3**\n```json\n{THREE}\n```",
        f"1. {ONE[:-1]}\n2. {TWO[:-9]}\n3. {THREE}",
        f"[{ONE[:-1]}, {TWO[:-30]}, {THREE}]",
        f'{{"profiles": [{ONE[:-1]}, {TWO[:-1]}, {THREE}]}}',
        f"{ONE[:-5]}\n{TWO[:-5]}\n{THREE}",
        f"{json.dumps(json.loads(ONE), indent=2)[:-3]}\n\nAnd {{one}}:\n{TWO[:-1]}\nHere's another: {THREE}",
    ],
    ids=["colon", "headings", "fences", "numbers", "list", "wrapper", "lines", "pretty"],
)
def test_a_torn_profile_swallows_no_other(answer):
    assert read(answer)[:-1] == [TORN, TORN, LAST]


def test_many_torn_profiles_are_as_many_draws():
    torn = [person(age)[:120] for age in range(20, 90)]
    broken = [
        f"{{'age': {age}, 'gender': 'female', 'summary': 'She doesn't work.'}}" for age in range(20, 90)
    ]
    assert len(split("\n\n".join(torn), KEYS).pieces) == len(torn)
    assert read("\n".join(broken)) == [*(("repaired", age) for age in range(20, 90)), ""]


@pytest.mark.parametrize("filler", ["", "x" * 1500, "x" * 9000])
def test_a_long_text_in_a_profile_swallows_no_other(filler):
    long = person(1, summary=filler + TEXT)
    assert read(f"{ONE}\n{long}\n{long[:-9]}\n\n{THREE}\n{long}") == [
        *[("strict", 1)] * 2,
        TORN,
        LAST,
        ("strict", 1),
        "",
    ]


def test_a_profile_torn_after_a_key_takes_no_other_for_its_value():
    torn = ONE[: ONE.index('"yes"')]
    assert torn.endswith(": ")
    assert read(f"{torn}\n\n{torn}\n\n{THREE}") == [TORN, TORN, LAST, ""]


def test_torn_within_people_by_name():
    assert read(f'{{"Anna": {ONE[:-1]}, "Ben": {TWO}}}') == [TORN, NEXT, ""]
    assert read(f'{{"Anna": {ONE}, "Ben": {TWO[:-9]}') == [("strict", 1), TORN, ""]


def test_a_torn_profile_in_other_quotation_marks_swallows_no_other():
    for mark in "'“":
        answer = f"{ONE[:-1]}\n\nProfil 2:\n{TWO}".replace('"', mark)
        assert read(answer) == [TORN, ("repaired", 2), "Profil 2:"]


def test_what_leads_to_the_next_profile_is_not_part_of_a_torn_one():
    whole = split(f"{ONE[:-20]}\n\n## Profile 2: Ben\n{TWO}", KEYS)
    assert (whole.pieces[0].text, whole.around) == (ONE[:-20], "## Profile 2: Ben")


WRAPPERS = {
    "one": f'{{"profile": {ONE}}}',
    "a list": f'{{"profiles": [{ONE}]}}',
    "by name": f'{{"Anna": {ONE}}}',
    "twice": f'{{"data": {{"profile": {ONE}}}}}',
    "twice with a list": f'{{"result": {{"profiles": [{ONE}]}}}}',
    "three times": f'{{"a": [{{"person": {{"profile": {ONE}}}}}]}}',
    "lists in a list": f"[[{ONE}]]",
    "fenced": f'```json\n{{\n  "profile": {ONE}\n}}\n```',
}


@pytest.mark.parametrize("answer", WRAPPERS.values(), ids=WRAPPERS)
def test_a_wrapper_is_opened_and_is_not_text(answer):
    assert read(answer) == [("strict", 1), ""]


def test_people_by_name_are_draws():
    assert read(f'{{"Anna": {ONE}, "Ben": {TWO}}}') == [("strict", 1), NEXT, ""]


def test_a_wrapper_in_other_quotation_marks_or_none_is_opened():
    assert read(f'{{"profile": {ONE}}}'.replace('"', "“")) == [("repaired", 1), ""]
    assert read(f"{{profile: {ONE}}}") == [("strict", 1), ""]


@pytest.mark.parametrize(
    ("answer", "around"),
    [
        (json.dumps(THREE), ""),
        (json.dumps(THREE)[1:-1], ""),
        (json.dumps({"profile": THREE}), ""),
        (json.dumps({"profile": f"```json\n{THREE}\n```"}), ""),
        (json.dumps({"n": 1, "profiles": f"[{THREE}]"}), '"n": 1'),
        (json.dumps([{"text": f"Here she is:\n{THREE}"}]), "Here she is:"),
        (json.dumps(json.dumps({"profiles": [json.loads(THREE)]}, indent=1)), ""),
    ],
)
def test_a_profile_in_a_text_of_json_is_read(answer, around):
    assert read(answer) == [LAST, around]


def test_an_object_in_a_text_of_a_profile_is_part_of_it():
    quoting = person(3, summary='Says {"age": 4} and {"n": "5"}.')
    assert read(f"{quoting}\n{TWO}") == [LAST, NEXT, ""]


def test_two_profiles_in_a_text_of_json_are_two_draws():
    both = json.dumps(f"[{TWO}, {THREE}]")
    assert read(both) == [NEXT, LAST, ""]
    assert read(json.dumps({"a": TWO, "b": THREE})) == [NEXT, LAST, ""]


def test_what_a_wrapper_says_itself_is_kept():
    assert read(f'{{"id": 7, "profile": {ONE}}}') == [("strict", 1), '"id": 7']
    # "summary" is a field of the schema, but the object in it has all of them
    assert read(f'{{"summary": "Two", "profiles": [{ONE}, {TWO}]}}') == [
        ("strict", 1),
        NEXT,
        '"summary": "Two"',
    ]


def test_a_person_in_a_profile_is_part_of_it():
    assert read(person(1, partner=json.loads(TWO))) == [("strict", 1), ""]


PAIRS = ["„“", "“”", "„”", "«»", "»«", "‹›", "‘’", "‚‘", "””", "''", "「」", "＂＂", "``", "«\u00a0|\u00a0»"]


@pytest.mark.parametrize("pair", PAIRS)
def test_the_quotation_marks_of_a_language(pair):
    left, right = pair.split("|") if "|" in pair else pair
    summary = "She’s here, it's “fine”, the Smiths’ dog too: „ja“, „nein“ und so"
    pairs = json.loads(person(4, summary=summary))
    fields = (
        f"{left}{key}{right}: {value if isinstance(value, int) else f'{left}{value}{right}'}"
        for key, value in pairs.items()
    )
    parsed = parse("{" + ", ".join(fields) + "}", KEYS)
    assert (parsed.status, parsed.profile) == ("repaired", pairs)


WORDS = st.text(st.sampled_from("ab ’'‘“”„«».é"), max_size=12).filter(lambda text: text == text.strip())


@given(WORDS, st.sampled_from(["„“", "«»", "“”", "‘’"]))
def test_marks_within_a_text_stay(words, pair):
    age, summary, race, text = (f"{pair[0]}{one}{pair[1]}" for one in ("age", "summary", "race", words))
    answer = f"{{{age}: 3, {summary}: {text}, {race}: 1}}"
    assert parse(answer, KEYS).profile == {"age": 3, "summary": words, "race": 1}


def test_strict_json_with_other_marks_in_its_texts_stays_strict():
    text = person(1, summary='He said: „yes“, «no», "so", and it’s {fine}')
    assert read(f"{text}\n{TWO}") == [("strict", 1), NEXT, ""]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ('{"age" 3, "race": "x"}', "invalid"),  # json_repair: {'age" 3, "race': 'x'}
        ("{**age**: 3}", "invalid"),
        ('{"age": 3, "hobby": "x",}', "repaired"),
        ('{"pet": {"age": 3},}', "repaired"),
        ('{"summary": "of age: 3", "hobby": "x",}', "repaired"),
    ],
)
def test_a_repair_changes_no_key_of_the_schema(text, status):
    assert parse(text, KEYS).status == status


BUTTONS = """
Copy code|Copied!|Edit|Retry|Regenerate|Share & export|Good response|👍 Bad response|Read aloud
Sources|Show thinking|Thought for 12 seconds|2 / 2|ChatGPT said:
ChatGPT can make mistakes. Check important info.|Double-check response
Gemini can make mistakes, so double-check it
Gemini may display inaccurate info, including about people|Code kopieren|Kopiert!|Erneut versuchen
Antwort neu generieren|Teilen|Gute Antwort|Vorlesen|Quellen|Mehr anzeigen|ChatGPT hat gesagt:
ChatGPT kann Fehler machen. Überprüfe wichtige Informationen.|Nachgedacht für 5 Sekunden
Copier le code|Copié !|Réessayer|Partager|Bonne réponse|Lire à voix haute|J’aime|Écouter
Réflexion pendant 3 s
ChatGPT peut commettre des erreurs. Il est recommandé de vérifier les informations importantes.
Copiar código|¡Copiado!|Reintentar|Compartir|Buena respuesta|Leer en voz alta|Fuentes
Pensó durante 4 segundos|ChatGPT puede cometer errores. Comprueba la información importante.|json
JSON|You said:|Du hast gesagt:|Vous avez dit :|Claude Sonnet 4.5|2.5 Flash|Use code with caution. Learn more
Code mit Vorsicht verwenden.|Utilisez le code avec précaution.|Usa el código con precaución.
Gemini peut se tromper, y compris sur des personnes. Vérifiez donc ses réponses.
Claude ist eine KI und kann Fehler machen. Bitte überprüfe die zitierten Quellen.
Claude est une IA et peut faire des erreurs.|Claude es una IA y puede cometer errores.
Gemini is AI and can make mistakes.|Reply to Claude...|Stelle irgendeine Frage|Antwort von Gemini
"""


@pytest.mark.parametrize("button", [one for line in BUTTONS.strip().splitlines() for one in line.split("|")])
def test_the_furniture_of_a_page_is_not_text(button):
    assert read(f"{button}\n\n{ONE}\n{button}\n") == [("strict", 1), ""]


@pytest.mark.parametrize(
    "words",
    [
        "Here is one:",
        "Profile 2:",
        "I copied this.",
        "More people like her",
        "Claude is a fine name",
        "Enjoy [1]",
        "You said she works.",
        "She writes code and crosses with caution",
        "Flash 3 times",
    ],
)
def test_words_of_the_answer_are_not_furniture(words):
    assert read(f"{words}\n{ONE}") == [("strict", 1), words]


def test_an_answer_of_only_furniture_is_empty():
    assert read("Copy code\n\nRetry\n") == [("empty", None), ""]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (case("54-rtf-called-md.md").encode(), "is RTF, not plain text; save it as plain text"),
        (b"---\nmodel: x\n---\n{\\rtf1 \\{}", "is RTF"),
        (b"<!DOCTYPE html><p>{}</p>", "is the source of a web page (HTML)"),
        (b'\n<div class="x">{"age": 3}</div>', "is the source of a web page (HTML)"),
        (b"<message-content>{}</message-content>", "is the source of a web page (HTML)"),
        (b"Here: {&quot;age&quot;: 3}", "is the source of a web page (HTML)"),
        (b"{&#x27;age&#x27;: 3}", "is the source of a web page (HTML)"),
        (b"{&nbsp;age: 3}", "is the source of a web page (HTML)"),
        (b'{<span class="hljs">"age"</span>: 3}', "is the source of a web page (HTML)"),
        (b"PK\x03\x04 docx", "is a zip or a file of Word"),
        (b"%PDF-1.7", "is a PDF"),
        (b"bplist00", "is a web archive"),
        (b"\x89PNG\r\n", "is a picture"),
    ],
)
def test_a_file_that_is_not_plain_text_is_refused(root, content, said):
    put(root, f"{HERE}/01.md", content)
    assert f"01.md: {said}" in message(root)


def test_html_in_an_answer_stays_in_it(root):
    put(root, f"{HERE}/01.md", "Here <b>she</b> is: <div>{}</div>")
    assert len(found(root)) == 1


@pytest.mark.parametrize(
    ("interface", "arm"),
    [
        (None, "claude/none"),
        ("web page", "claude/none"),
        ("Web page", "claude/none"),
        ("API", "claude(API)/none"),
        ("iPhone app", "claude(iPhone-app)/none"),
        ("api", "claude(API)/none"),
        ("the web_page.", "claude/none"),
        ("..", "claude(other)/none"),
        ("a/b [c](d) <i>", "claude(a-b-c-d-i)/none"),
        ("???", "claude(other)/none"),
        ("x" * 90, f"claude({'x' * 40})/none"),
    ],
)
def test_an_arm_that_was_not_asked_on_the_page_says_so(interface, arm):
    assert arm_of("claude", "none", Provenance(interface=interface)) == arm


@pytest.mark.parametrize(
    "comment", ["// years", "# the age", "// the person's age", "/* made up */", "// {x}"]
)
def test_comments_behind_values_are_left_out(comment):
    lines = json.dumps({**json.loads(ONE), "summary": "See http://x.org # 3 // /* 4 */"}, indent=1).split(
        "\n"
    )
    answer = "\n".join([lines[0], f"{lines[1]} {comment}", *lines[2:-2], f"{lines[-2]} {comment}", lines[-1]])
    assert read(answer) == [("repaired", 1), ""]
    assert parse(answer, KEYS).profile == json.loads("\n".join(lines))


def test_text_that_is_not_a_comment_stays():
    assert parse('{"age": 34 years, "note": "a"}', KEYS).status == "invalid"
    assert parse('{"age": 1, // old\n"age": 2}', KEYS).status == "invalid"
    assert parse('{"age": 1, // old\n"note": "5" // 6 wide"}', KEYS).status == "invalid"
    kept = parse('{"age": 1, // old\n„note“: „one\n# two\nthree“}', KEYS)
    assert kept.profile == {"age": 1, "note": "one\n# two\nthree"}


def in_sections(whole: str) -> str:
    pairs = [*json.loads(whole).items()]
    return json.dumps({"demographics": dict(pairs[:6]), "work": dict(pairs[6:])})


def test_a_profile_in_sections_is_one_draw():
    assert read(in_sections(ONE)) == [("repaired", 1), ""]
    assert parse(in_sections(ONE), KEYS).profile == json.loads(ONE)
    assert read(f"[{in_sections(ONE)}, {in_sections(TWO)}]") == [("repaired", 1), ("repaired", 2), ""]


def test_sections_with_a_key_twice_or_too_few_are_not_joined():
    assert read(f'{{"a": {ONE}, "b": {TWO}}}')[:2] == [("strict", 1), ("strict", 2)]
    assert read('{"a": {"age": 1}, "b": {"gender": "male"}}')[:2] == [("strict", 1), ("strict", None)]
