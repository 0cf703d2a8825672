"""What chance alone gives: perfect samplers, draws shuffled and dealt anew, many p-values at once.

It imports no other room; every room below may import it.
"""
