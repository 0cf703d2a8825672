"""A check that fails is reported, not raised."""

from stages.shell.errors import UserError
from thesis.doctor.examination import CHECKS, examined, findings_of
from thesis.doctor.findings import ok
from thesis.doctor.project import Project
from thesis.doctor.waiting import within


def raising(error):
    def check(study):
        raise error

    return check


def test_a_crash_is_a_problem():
    (only,) = findings_of(raising(ZeroDivisionError("by zero\nand more")), Project(False))
    assert (only.word, only.found) == ("problem", "could not be checked: ZeroDivisionError: by zero")


def test_what_another_check_reports_is_not_checked():
    (only,) = findings_of(raising(UserError("params.yaml: wrong\nFix it")), Project(False))
    assert (only.word, only.found) == ("warning", "not checked: params.yaml: wrong")


def test_topics_in_their_order():
    began: list[str] = []
    checks = {"b": lambda study: [ok("1")], "a": raising(ValueError())}
    topics = [topic.name for topic in examined(Project(False), checks, began.append)]
    assert topics == began == ["b", "a"]
    assert len(CHECKS) == 18


def test_waiting_ends(monkeypatch):
    from threading import Event

    never = Event()
    (only,) = findings_of(lambda study: within(0.01, lambda: [ok(str(never.wait()))]), Project(False))
    never.set()
    assert "no answer within 0.01 s" in only.found
