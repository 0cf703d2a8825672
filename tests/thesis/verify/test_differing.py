"""Files compared number by number."""

import pytest

from thesis.verify.remaking.differing import difference, of_texts


def test_the_same_bytes_do_not_differ(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"\x00\xff")
    assert difference(tmp_path / "a", tmp_path / "b", "reports/a.pdf") is None


def test_other_bytes_that_are_no_text_differ(tmp_path):
    (tmp_path / "a").write_bytes(b"\x00\xff")
    (tmp_path / "b").write_bytes(b"\x00\xfe")
    found = difference(tmp_path / "a", tmp_path / "b", "reports/a.pdf")
    assert found is not None
    assert "not a text" in found.where


@pytest.mark.parametrize(
    ("was", "now", "n", "where"),
    [
        ('{"a": 0.25, "n": 3}', '{"a": 0.2500001, "n": 3}', 1, ""),  # 4e-7 of 0.25
        ('{"a": 0.25}', '{"a": 0.2501}', 1, "line 1: 0.25 → 0.2501"),
        ('{"a": 1.5e-12}', '{"a": 0.0}', 1, ""),  # below 1e-9
        ('{"a": -0.0}', '{"a": 0.0}', 1, ""),
        ('{"n": 3}', '{"n": 4}', 0, 'line 1: {"n": 3} → {"n": 4}'),
        ("a,1.0\nb,2.0\n", "a,1.0\n", 0, "line 2: b,2.0 → "),
        ("a 1.0\nb x\n", "a 1.0000001\nb y\n", 0, "line 2: b x → b y"),
        ("7f3c.9", "7f3d.9", 0, "line 1: 7f3c.9 → 7f3d.9"),  # a hash is no number
    ],
)
def test_numbers_within_and_outside_of_the_tolerance(was, now, n, where):
    found = of_texts(was, now)
    assert (found.n_numbers, found.where) == (n, where)


def test_the_largest_difference_is_told():
    # 0.2 against 0.2000001, and 300.0 against 300.00006, which is 2e-7 of it
    found = of_texts("0.2 300.0 1.0", "0.2000001 300.00006 1.0")
    assert found.n_numbers == 2
    assert found.largest == pytest.approx(2e-7, rel=1e-3)


@pytest.mark.parametrize(
    ("was", "now", "is_close"),
    [
        ("0.12", "0.13", True),
        ("0.12", "0.14", False),
        ("0.5", "0.6", True),
        ("M12.31 4.0", "M12.319 4.0", True),
        ("M12.312 4.0", "M12.333 4.0", False),
    ],
)
def test_rounded_numbers_may_differ_by_their_last_digit(was, now, is_close):
    assert (of_texts(was, now, is_rounded=True).where == "") is is_close
