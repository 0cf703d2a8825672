"""The running text of the three kinds of manuscripts."""

import zipfile

import pytest

from stages.shell.errors import UserError
from tests.thesis.claims.manuscript.word_file import paragraph, run, write_word
from thesis.claims.manuscript.reading import read_manuscript

TEX = r"""\documentclass[12pt]{article}
\begin{document}
\section{Results}\label{sec:4}
Of \claim{n} people, 25~\% are white \cite[p.~3]{b7}. % 99
\vspace{3mm}It moves by $-$.62, see Table~\ref{tab:5}.\\[4pt]
\begin{tabular}{p{2cm}r}7 & \textbf{8}\end{tabular}
\begin{thebibliography}{9}\bibitem{b7} 1234\end{thebibliography}
\end{document}
"""


def test_latex(tmp_path):
    (tmp_path / "a.tex").write_text(TEX, "utf-8")
    found = read_manuscript(tmp_path / "a.tex")
    assert found.macros == ["n"]
    lines = [" ".join(line.split()) for line in found.text.split("\n")]
    assert lines[2:6] == [
        "# Results",
        "Of people, 25 % are white .",
        r"It moves by −.62, see Table .\\",
        r"7 & \textbf8",
    ]
    assert "1234" not in found.text
    assert "12pt" not in found.text


def test_markdown(tmp_path):
    text = "---\nn: 4\n---\n# 2 Title\n<!-- 5 -->9 of `10` [11](a12.md) [@foo2020]\n```\n13\n```\n"
    (tmp_path / "a.md").write_text(text, "utf-8")
    assert read_manuscript(tmp_path / "a.md").text.split() == ["#", "2", "Title", "9", "of", "[11]"]


def test_word_has_tables_boxes_and_notes_but_no_deleted_text(tmp_path):
    table = f"<w:tbl><w:tr><w:tc>{paragraph(run('25'), run(' %'))}</w:tc></w:tr></w:tbl>"
    deleted = "<w:del><w:r><w:delText>99</w:delText></w:r></w:del>"
    code = "<w:r><w:instrText>PAGEREF 98</w:instrText></w:r>"
    box = f"<w:r><w:txbxContent>{paragraph(run('in a box'))}</w:txbxContent></w:r>"
    again = f"<mc:Fallback>{paragraph(run('in a box'))}</mc:Fallback>"
    path = write_word(
        tmp_path / "a.docx",
        paragraph(run("Results"), style="Heading1"),
        paragraph(run("Of 1,2"), deleted, run("00 people"), code, box, again),
        table,
        notes=paragraph(run("A note: 7")),
    )
    found = read_manuscript(path)
    assert found.text.split("\n") == ["# Results", "Of 1,200 people", "in a box", "25 %", "A note: 7"]
    assert found.unit == "paragraph"


@pytest.mark.parametrize("name", ["a.docx", "b.docx", "c.docx", "d.pdf", "e.docx"])
def test_what_is_no_manuscript_is_told(tmp_path, name):
    (tmp_path / "a.docx").write_text("no zip", "utf-8")
    with zipfile.ZipFile(tmp_path / "b.docx", "w") as file:
        file.writestr("other.xml", "<a/>")
    with zipfile.ZipFile(tmp_path / "e.docx", "w") as file:
        file.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(UserError, match=name):
        read_manuscript(tmp_path / name)
