"""`thesis doctor`: check the machine and the inputs before a long run.

`look…` measures, `judge…` says what the measurement means, `check…` does both.
"""
