"""What people see of a run and what it records of the machine: no part of any result.

Nothing here is a dependency of a stage: an edit re-runs nothing. tests/test_pipeline.py holds
the list of what the stages take from here.
"""
