"""Train several seeds per arm and draw many completions: which contrasts stand, and how much is seed?"""

import stages.common.llm  # noqa: F401 -- before torch, which reads the environment once
