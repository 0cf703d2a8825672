"""What tells who a person is: by names, patterns and uniqueness; also nested and in lists."""

import pytest

from stages.shell.errors import UserError
from tests.init.fakes import people, person, seen
from thesis.init.fields.private import private

WORDS = ["oak", "elm", "ash", "fir", "yew", "bay", "box", "may", "sloe", "rowan", "hazel", "larch"]


def iban(number):
    """Check digits as ISO 13616 makes them; D is 13, E is 14."""
    return f"DE{98 - int(f'{number:018d}131400') % 97:02d}{number:018d}"


def found(**fields):
    """What is private of twelve people, whose fields are functions of their number."""
    return private(seen(*({key: of(i) for key, of in fields.items()} for i in range(12))))


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("firstName", lambda i: WORDS[i % 3], "name"),
        ("Nachname", lambda i: WORDS[i], "name"),
        ("name", lambda i: f"Test Person {i}", "name"),
        ("boss", lambda i: f"{WORDS[i].title()} Example", "name"),
        ("who", lambda i: f"Dr. {WORDS[i].title()} B. van Example", "name"),
        ("姓名", lambda i: f"张{i}", "name"),
        ("E-Mail", lambda i: f"u{i}@example.org", "address of mail"),
        ("reach", lambda i: f"u{i}@example.org", "address of mail"),
        ("phone_home", lambda i: 5550100000 + i, "telephone"),
        ("reach", lambda i: f"+49 221 5550{i:02d}", "telephone"),
        ("reach", lambda i: f"(555) 010-{1000 + i}", "telephone"),
        ("ssn", lambda i: f"900-1{i % 10}-100{i % 10}", "number of a document or record"),
        ("tax", lambda i: f"900-{10 + i}-1000", "number of a document or record"),
        ("mrn", lambda i: 10000 + i, "number of a document or record"),
        ("passportNo", lambda i: f"C0{i}X", "number of a document or record"),
        ("seen_from", lambda i: f"192.0.2.{i}", "number of a document or record"),
        ("paid_by", lambda i: iban(i), "number of a document or record"),
        ("page", lambda i: f"https://example.org/{i}", "page or account on the web"),
        ("street", lambda i: f"{i} Oak Street", "postal address"),
        ("lives", lambda i: f"{WORDS[i].title()}straße {i}", "postal address"),
        ("numbers", lambda i: 900101000 + 7 * i, "number that hardly repeats"),
    ],
)  # fmt: skip
def test_names_and_patterns(field, value, what):
    assert found(**{field: value}) == {field: what}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("company_name", lambda i: f"{WORDS[i]} works"),
        ("city", lambda i: WORDS[i]),
        ("phone_type", lambda i: "home" if i % 2 else "work"),
        ("email_wanted", lambda i: i % 2 == 0),
        ("born", lambda i: f"19{50 + i}-01-31"),
        ("income", lambda i: 20000 + 1700 * i),
        ("pay", lambda i: f"{20 + i},000"),
        ("years", lambda i: f"{1990 + i}-{2000 + i}"),
        ("about", lambda i: f"Likes {WORDS[i]} and walks {i} km a day."),
        ("postcode", lambda i: f"0{5000 + i}"),
    ],
)
def test_what_is_no_person_stays(field, value):
    assert found(**{field: value}) == {}


def patient(i):
    name = {"use": "official", "family": WORDS[i % 5].title(), "given": [WORDS[i].title()]}
    contact = [{"system": "phone", "value": f"555-010-{1000 + i}"}]
    home = [{"line": [f"{i} Oak Street"], "city": "north" if i % 2 else "south"}]
    record = {"name": [name], "telecom": contact, "address": home, "gender": "fm"[i % 2], "age": 30 + i}
    return {**record, "identifier": [{"system": "urn:mrn", "value": f"M{100 + i}"}]}


def test_in_lists_of_objects_and_whole_where_nothing_else_is_said():
    rows = [patient(i) for i in range(12)]
    hidden = private(seen(*rows))
    assert hidden == {
        "name": "name",
        "telecom": "telephone",
        "address[].line[]": "postal address",
        "identifier": "number of a document or record",
    }
    result = people(rows, rows)
    [kept] = [one for one in result.given["original"].records if one["age"] == 30]
    assert kept == {"person": 1, "address": [{"city": "south"}], "gender": "f", "age": 30}


def test_a_private_field_ties_people_together_and_is_replaced_by_numbers():
    rows = [patient(i) for i in range(12)]
    result = people(rows, rows[::-1]).given
    assert [one["person"] for one in result["original"].records] == list(range(1, 13))
    assert [one["person"] for one in result["augmented"].records] == list(range(12, 0, -1))


def test_other_numbers_of_records_are_left_out():
    rows = [{**person(i), "case": f"c-{i}x"} for i in range(12)]
    assert people(rows, rows).left_out == {"case": "numbers the records"}


def test_what_the_author_keeps_is_kept():
    rows = [patient(i) for i in range(12)]
    kept = people(rows, rows, keep=("telecom", "name[].family")).given["original"].records[0]
    assert kept["telecom"] == rows[0]["telecom"]
    assert kept["name"] == [{"use": "official", "family": "Oak"}]
    with pytest.raises(UserError, match="--keep telecon\nThe fields are: "):
        people(rows, rows, keep=("telecon",))


def test_a_file_without_anything_private_stays_as_it_was():
    rows = [person(i) for i in range(12)]
    assert people(rows, rows).rewritten == {"original": False, "augmented": False}


def test_a_name_that_stands_in_a_text_is_told():
    rows = [{**patient(i), "about": f"{WORDS[i].title()} likes tea."} for i in range(12)]
    assert people(rows, rows).mentions == {"about": 24}
