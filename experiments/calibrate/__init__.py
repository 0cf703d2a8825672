"""Three training runs an arm and many draws a run: which findings of ten draws stand, how much is seed."""

import stages.common.llm  # noqa: F401 -- before torch, which reads the environment once
