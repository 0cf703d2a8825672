"""What a run of the whole pipeline on a large shape leaves in its file."""

import json

import pytest

from benchmarks import whole_dag
from stages.common.files import read_json


def found(n_bytes):
    return {stage: {"anonymous_bytes": n_bytes, "seconds": 1.0} for stage in whole_dag.LIMITS}


@pytest.fixture
def result(tmp_path, monkeypatch):
    result = tmp_path / "whole_dag.json"
    result.write_text(json.dumps({"1 layers, nf4": found(1)}))
    monkeypatch.setattr(whole_dag, "RESULT", result)
    monkeypatch.setattr(whole_dag.sys, "argv", ["whole_dag", "--checkpoint", str(tmp_path)])
    monkeypatch.setattr(whole_dag.sys, "platform", "linux")
    monkeypatch.setattr(whole_dag, "clone", lambda *_: tmp_path)
    return result


def test_an_entry_names_its_machine_and_leaves_the_others(result, monkeypatch):
    monkeypatch.setattr(whole_dag, "run", lambda *_: found(5 * 10**9))
    whole_dag.main()
    kept = read_json(result)
    assert kept["1 layers, nf4"] == found(1)
    assert {"chip", "cores", "memory_bytes", "commit"} <= {*kept["32 layers, nf4"].pop("machine")}
    assert kept["32 layers, nf4"] == found(5 * 10**9)


def test_a_run_above_the_limits_is_not_kept(result, monkeypatch):
    monkeypatch.setattr(whole_dag, "run", lambda *_: found(8 * 10**9))
    before = result.read_bytes()
    with pytest.raises(SystemExit, match="more memory than the limits"):
        whole_dag.main()
    assert result.read_bytes() == before


def test_dvc_is_the_environments_own(tmp_path, monkeypatch):
    class Ended:
        returncode = 0

        def __init__(self, command, **_):
            assert command[0] == whole_dag.Path(whole_dag.sys.prefix) / "bin/dvc"

        def poll(self):
            return 0

        def is_running(self):
            return False

    monkeypatch.setattr(whole_dag.psutil, "Popen", Ended)
    assert whole_dag.run(tmp_path, tmp_path) == {}
