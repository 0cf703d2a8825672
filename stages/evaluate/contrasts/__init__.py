"""Compare one arm with another by a permutation test, and say which effects it could find."""
