"""One LoRA adapter on one condition's data."""

import stages.common.llm  # noqa: F401 -- before torch, which reads the environment once
