"""Timed work; never a test."""

import stages.common.llm  # noqa: F401 -- before torch, which reads the environment once
