"""What guards, shows and records a run: no part of any result.

A refusal leaves no result, and messages, progress, estimates and run records change none. So nothing
here is a dependency of a stage, and an edit re-runs nothing. tests/test_pipeline.py holds the list of
what the stages take from here.
"""
