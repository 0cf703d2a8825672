"""`thesis doctor`: check the machine and the inputs before an hour is lost.

`look…` measures, `judge…` says what the measurement means, `check…` does both.
"""
