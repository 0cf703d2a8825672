"""Guards, messages, progress and records of a run: no part of any result.

A refusal leaves no result. Messages, progress, estimates and run records change none, and the code that
`syntax` compares only decides whether checkpoints still count. So nothing here is a dependency of a stage,
and an edit re-runs nothing. tests/test_pipeline.py lists what the stages take from here.
"""

import logging

# bitsandbytes prints, as soon as peft imports it, that a kernel for packed weights is missing. None are used.
logging.getLogger("bitsandbytes.backends.cpu.ops").setLevel(logging.ERROR)
