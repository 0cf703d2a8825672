"""What an examiner does with a clone: pull, compare, look at the plots."""

import re

import pytest

from tests.project import Project

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_a_pulled_clone_is_clean_without_any_weights(finished, llama, tmp_path):
    finished.git("clone", "--quiet", str(finished.folder), str(tmp_path / "clone"))
    clone = Project(tmp_path / "clone", {"THESIS_CACHE": str(tmp_path / "empty")})
    remote = (finished.folder / ".dvc/config.local").read_text("utf-8")
    (clone.folder / ".dvc/config.local").write_text(remote, "utf-8")
    llama.rename(llama.with_name("away"))
    try:
        clone.dvc("pull")
        assert clone.changed() == set()
        assert "Running stage" not in clone.dvc("repro")
        assert clone.results() == finished.results()
    finally:
        llama.with_name("away").rename(llama)
    assert not (tmp_path / "empty").exists()


def test_one_figure_shows_the_losses_of_both_conditions(project):
    project.dvc("plots", "show", "--out", "plots")
    page = (project.folder / "plots/index.html").read_text("utf-8")
    figures = re.findall(r"<script.*?</script>", page, re.DOTALL)
    both = ("loss_original.csv", "loss_augmented.csv")
    assert any(all(name in figure for name in both) for figure in figures)
