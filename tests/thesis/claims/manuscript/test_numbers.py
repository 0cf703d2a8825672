"""What counts as a number of the text, and what is set aside."""

import pytest

from thesis.claims.manuscript.numbers import numbers_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12 of 30 people (40 %), 1,234.5 g", ["12", "30", "40 %", "1,234.5"]),
        ("by −.61 (−0.69 to -.53), p < .001", ["−.61", "−0.69", "-.53", ".001"]),
        ("67–88 % and 3-4", ["67", "88 %", "3", "4"]),
        ("a 4-bit model of 16GB, 7.3 times as fast. 5.", ["4", "16", "7.3", "5"]),
        ("in 2012, from 1999 to 2004, 2001–2005 and 1998/99", []),
        ("2012 % and 2,012 and 2012.5", ["2012 %", "2,012", "2012.5"]),
        ("on 25 November 2026, November 3, 2026-11-25", []),
        ("Section 3.2, Figures 4 and 5, Tables 2–4, Eq. (7), p. 12, pp. 3–9, § 5, Appendix 2", []),
        ("Table 3 has 12 rows", ["12"]),
        ("as shown [12], [3, 5–7] and https://a.org/12 or doi:10.1234/5", []),
        ("SmolLM2-135M, Llama-2-7b, UTF-8, H2O, the 2nd and the 3x3", []),
        ("## 4.1 Ten of 12\n1. first 7\n(2) second 8\n", ["12", "7", "8"]),
        ("50 left\n# References\n1. Foo, 12, 13–14\n", ["50"]),
        ("50 left\n# References\n12\n# Appendix A\n60 more\n", ["50", "60"]),
    ],
)
def test_numbers(text, found):
    assert [one.text for one in numbers_in(text)[0]] == found


def test_what_was_set_aside_is_counted():
    _, aside = numbers_in("In 2012 [3], Table 2 and Figures 4 and 5.\n# References\n7, 8, 9")
    assert {rule: n for rule, n in aside.items() if n} == {
        "references": 3,
        "citations": 1,
        "sections, figures, tables, pages": 3,
        "dates and years": 1,
    }
