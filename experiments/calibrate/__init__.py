"""Several training runs an arm, many draws a run: which contrasts stand over runs, how much is seed."""

import stages.common.llm  # noqa: F401 -- before torch, which reads the environment once
