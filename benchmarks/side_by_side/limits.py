"""What the machine can do at most: products of large matrices, and reading of memory.

python -m benchmarks.side_by_side.limits
"""

import json
import time
from collections.abc import Callable

import torch

SIZE = 2048
"""Rows and columns of the matrices that are multiplied."""
WEIGHTS = (2**15, 2**13)
"""A matrix of 1 GB, larger than any cache, that is multiplied with one row."""
REPEATS = 8


def main() -> None:
    print(json.dumps(limits()))


@torch.inference_mode()
def limits() -> dict[str, float]:
    """The fastest of some products: GFLOP/s by the faster library, GB/s read for one row."""
    a, b = torch.randn(SIZE, SIZE), torch.randn(SIZE, SIZE)
    products = [lambda: a @ b]
    if torch.backends.mkldnn.is_available():
        products.append(lambda: torch.ops.mkldnn._linear_pointwise(a, b, None, "none", [], ""))
    gflops = max(2 * SIZE**3 / _fastest(product) / 1e9 for product in products)
    weights, row = torch.ones(WEIGHTS), torch.ones(WEIGHTS[1])
    return {"gflops": gflops, "gigabytes_per_second": weights.nbytes / _fastest(lambda: weights @ row) / 1e9}


def _fastest(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


if __name__ == "__main__":
    main()
