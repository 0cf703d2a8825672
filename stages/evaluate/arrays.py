"""Types of the arrays that every room computes with."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Places: TypeAlias = NDArray[np.intp]
"""Whole numbers from 0: indices, or codes that are equal for equal labels."""
