"""Marks of an unfinished merge are named with file and line, by every stage and by the doctor."""

import pytest

from stages.common.params import load_base_name, read_yaml
from stages.shell.errors import UserError
from stages.shell.special import check_unconflicted
from thesis.doctor.merges import FILES, unmerged

MERGED = "base: a\n<<<<<<< HEAD\nx: 1\n=======\nx: 2\n>>>>>>> other\n"


@pytest.mark.parametrize("read", [read_yaml, load_base_name, check_unconflicted])
def test_a_stage_says_where_and_what_to_do(tmp_path, read):
    path = tmp_path / "params.yaml"
    path.write_text(MERGED)
    with pytest.raises(
        UserError, match=r"params\.yaml:2: a merge was not finished: '<<<<<<< HEAD'\nKeep one"
    ):
        read(path)


@pytest.mark.parametrize("left", ["<<<<<<< HEAD", "=======", ">>>>>>> 1a2b3c4", "||||||| base", "=======\r"])
@pytest.mark.parametrize("file", FILES)
def test_the_doctor_names_each_mark_left_behind(tmp_path, file, left):
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"a: 1\nb: 2\n{left}\nc: 3\n", newline="")
    [found] = unmerged(tmp_path)
    assert found.word == "problem"
    assert f"{file}:3: a merge was not finished" in found.found
    assert ("git checkout --ours dvc.lock" in found.remedy) == (file == "dvc.lock")
    assert found.remedy


@pytest.mark.parametrize(
    "file", ["metrics/data.json", "metrics/tables/status.csv", "data/raw/more.dvc", "x.dvc"]
)
def test_the_doctor_looks_at_metrics_and_data_under_dvc_too(tmp_path, file):
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(MERGED)
    assert [one.found.partition(":")[0] for one in unmerged(tmp_path)] == [str(path)]


@pytest.mark.parametrize("text", ["# =======\n", "a: <<<<<<< HEAD\n", "========\n", "  =======\n", ""])
def test_what_only_looks_like_one_is_left_alone(tmp_path, text):
    (tmp_path / "params.yaml").write_text(text)
    assert [one.word for one in unmerged(tmp_path)] == ["ok"]
