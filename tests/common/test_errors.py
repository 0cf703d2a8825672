"""How a stage ends."""

import errno
from pathlib import Path

import pytest

from stages.common.files import write_text
from stages.shell.errors import MAX_LISTED, UserError, mistakes, run


@pytest.mark.parametrize(("n", "more"), [(1, None), (MAX_LISTED, None), (MAX_LISTED + 1, 1), (100, 80)])
def test_long_lists_are_cut(n, more):
    lines = str(mistakes("head", [f"mistake {i}" for i in range(n)], "remedy")).splitlines()
    assert (lines[0], lines[-1]) == ("head", "remedy")
    listed = lines[1:-1]
    assert listed[: min(n, MAX_LISTED)] == [f"  mistake {i}" for i in range(min(n, MAX_LISTED))]
    assert listed[MAX_LISTED:] == ([f"  … and {more} more"] if more else [])


def ending(error):
    def main():
        raise error

    with pytest.raises(SystemExit) as ended:
        run(main)
    return ended.value.code


def test_ends():
    assert "what to do" in ending(UserError("what to do"))
    assert ending(KeyboardInterrupt()) == 130
    assert "The disk is full (data/a.json)" in ending(OSError(errno.ENOSPC, "No space", "data/a.json"))


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "data/a.json"), "data/a.json: Permission denied"),
        (FileNotFoundError(errno.ENOENT, "No such file", "data/a.json"), "check that it exists"),
        (NotADirectoryError(errno.ENOTDIR, "Not a directory", "metrics"), "move it away"),
        (OSError(errno.ENAMETOOLONG, "File name too long", "aaa"), "aaa: File name too long"),
        (OSError(errno.EDQUOT, "Quota", "metrics/a.json"), "disk is full (metrics/a.json)"),
        (OSError(errno.EROFS, "Read-only file system", "models"), "models: Read-only file system"),
    ],
)
def test_what_the_file_system_refuses_is_reported(error, told):
    assert told.lower() in ending(error).lower()


@pytest.mark.parametrize(
    "error",
    [ValueError("ours"), OSError(errno.EIO, "broken disk", "a"), FileNotFoundError(errno.ENOENT, "nameless")],
)
def test_other_errors_keep_their_traceback(error):
    def main():
        raise error

    with pytest.raises(type(error)):
        run(main)


@pytest.mark.parametrize(
    "said",
    [
        "Error while serializing: I/O error: No space left on device (os error 28)",
        "[enforce fail at inline_container.cc:672] . unexpected pos 51776 vs 51668",
        "[enforce fail at inline_container.cc:862] . PytorchStreamWriter failed writing file data/1",
    ],
)
def test_what_safetensors_and_torch_say_on_a_full_disk(said):
    """They raise no OSError. A small disk made the first two; the third is in the source of torch."""
    told = ending(RuntimeError(said))
    assert told.strip() == (
        f"Weights could not be written: {said}\nMost likely the disk is full. Make room and run again."
    )


@pytest.mark.parametrize(
    ("there", "told"), [("metrics", "metrics: File exists"), ("metrics/a.json/b", "metrics/a.json: Is a dir")]
)
def test_what_stands_in_the_way_of_a_file_is_named(tmp_path, monkeypatch, there, told):
    monkeypatch.chdir(tmp_path)
    Path(there).parent.mkdir(parents=True, exist_ok=True)
    Path(there).write_text("in the way")
    with pytest.raises(SystemExit) as ended:
        run(lambda: write_text(Path("metrics/a.json"), "{}"))
    assert told in str(ended.value.code)
    assert "move it away" in str(ended.value.code)
    assert not [*Path().rglob("*.part")]


def test_a_run_that_succeeds_returns():
    done = []
    run(lambda: done.append("all"))
    assert done == ["all"]
