"""Settings of one computer that change the order in which its processor sums."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ANY = ("float32", "bfloat16")


@dataclass(frozen=True)
class Setting:
    """A way to compute the same numbers."""

    name: str
    words: tuple[str, ...] = ()
    """Options of `experiments.machines.one`."""
    env: Mapping[str, str] = field(default_factory=dict)
    dtypes: tuple[str, ...] = ANY


NARROW = {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"}
"""No AVX-512, as on processors without it."""
THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
SETTINGS = (
    Setting("one thread, oneDNN", env=THREAD),
    Setting("AVX2 in torch, oneDNN and MKL", env=THREAD | NARROW),
    # folded weights are multiplied by oneDNN, others by MKL
    Setting("MKL, adapters unfolded", ("--unfolded",), THREAD, dtypes=("float32",)),
    Setting("MKL with AVX2, adapters unfolded", ("--unfolded",), THREAD | NARROW, dtypes=("float32",)),
    Setting("one completion in a pass", ("--together", "1"), THREAD),
    Setting("all threads"),
)
"""The first is what the others are compared with."""
