"""Tables as LaTeX: escapes here; tests/slow/test_latex.py compiles them."""

from stages.report.latex import to_latex
from stages.report.table import Column, Entry, Table
from tests.report.test_table import TABLE


def test_latex_is_booktabs_and_escaped():
    latex = to_latex(TABLE)
    assert latex.startswith("\\begin{tabular}{lrl}\n\\toprule\narm & share\\_\\% & words \\\\\n\\midrule\n")
    assert "a\\_b & $\\blacktriangle$ 0.50 (0.10–0.90) & 100~\\% \\& more \\\\" in latex
    assert latex.rstrip().endswith("\\bottomrule\n\\end{tabular}")


def latex_of(*texts: str) -> list[str]:
    """The cells of a table of one row, as LaTeX."""
    table = Table("t", "", [Column("x")] * len(texts), [[Entry(text) for text in texts]])
    return to_latex(table).splitlines()[4].removesuffix(" \\\\").split(" & ")


def test_text_that_looks_like_latex_commands_is_escaped():
    assert latex_of(r"a_b #1", r"\input{x}", "100 % {of} $5", "x^2 ~ y") == [
        r"a\_b \#1",
        r"\textbackslash input\{x\}",
        r"100 \% \{of\} \$5",
        r"x\textasciicircum 2 \textasciitilde \space y",
    ]


def test_umlauts_stay_and_signs_become_commands():
    assert latex_of("Größe, Ænima", "o\u0308") == ["Größe, Ænima", "ö"]
    assert latex_of("−1 × 2 ≥ ½") == [r"$-$1 $\times$ 2 $\geq$ \textonehalf{}"]


def test_a_row_does_not_become_an_option_of_the_one_before():
    assert latex_of("[1cm] x", "[y]") == ["{}[1cm] x", "[y]"]
    assert latex_of("*") == ["{}*"]


def test_a_character_without_a_glyph_becomes_a_number_with_a_legend():
    cells = [Entry(text) for text in ("中文", "a\x00b", "محمد", "中文, 🙂")]
    lines = to_latex(Table("t", "", [Column("x")] * 4, [cells])).splitlines()
    assert lines[4] == (
        r"$\langle$1$\rangle$ & a\texttt{U+0000}b & $\langle$2$\rangle$ & "
        r"$\langle$1$\rangle$, $\langle$3$\rangle$ \\"
    )
    legend = (
        r"\par\smallskip{\footnotesize $\langle$1$\rangle$ U+4E2D U+6587; $\langle$2$\rangle$ "
        r"meem-hah-meem-dal; $\langle$3$\rangle$ slightly smiling face}"
    )
    assert lines[-4:] == [legend, "% 1: 中文", "% 2: محمد", "% 3: 🙂"]


def test_an_empty_line_does_not_end_a_cell():
    assert latex_of("one\n\ntwo\tthree") == ["one two three"]


def test_a_note_stands_above_as_a_comment() -> None:
    noted = Table(
        "t", "", [Column("x")], [[Entry("1")]], "In brackets the [band](total_variation);\n95\u00a0%."
    )
    first, second, *_ = to_latex(noted).splitlines()
    assert first == "% In brackets the band; 95 %."
    assert second == r"\begin{tabular}{l}"
