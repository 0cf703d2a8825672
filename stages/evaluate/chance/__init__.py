"""Compute what chance alone gives: perfect samplers, shuffled draws, many p-values at once."""
