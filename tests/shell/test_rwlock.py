"""DVC's own notes about who is at work."""

import json

from stages.shell.ending import holders


def test_the_processes_of_dvcs_locks(tmp_path):
    rwlock = tmp_path / "rwlock"
    assert [*holders(rwlock)] == []
    rwlock.write_text(json.dumps({"write": {"a": {"pid": 3}}, "read": {"b": [{"pid": 4}, {"pid": 5}]}}))
    assert [*holders(rwlock)] == [3, 4, 5]
    for damaged in ("", "[]", '{"write": [1]}', '{"read": {"a": 1}}'):
        rwlock.write_text(damaged)
        assert [*holders(rwlock)] == []
