"""What a base still needs before it can run here; looked for before anything large is fetched."""

from importlib.util import find_spec

from benchmarks.mac.work import base_named
from stages.common.llm.bases import cache_of, cached
from thesis.doctor import base, disk, needs
from thesis.doctor.findings import Finding
from thesis.doctor.shapes import shape_of


def missing(name: str) -> str:
    """The first reason why a base cannot run, with what to do; "" if it can."""
    entry = base_named(name)
    if entry.quantization == "nf4" and find_spec("bitsandbytes") is None:
        return (
            "bitsandbytes is not installed, which 4 bits need\n"
            'Install it: pip install -c requirements.lock -e ".[quantized]"'
        )
    if cached(name, entry) is not None:
        return ""
    return _first_of(base.available(name, entry), *_room(name))


def _room(name: str) -> list[Finding]:
    """Whether what is to be fetched fits on the disk."""
    entry = base_named(name)
    shape = shape_of(entry, None)
    return disk.judge(
        [disk.place_of("base's cache", cache_of(entry), needs.fetched(shape, entry))] if shape else []
    )


def _first_of(*findings: Finding) -> str:
    wrong = [finding for finding in findings if finding.word != "ok"]
    return f"{wrong[0].found}\n{wrong[0].remedy}" if wrong else ""
