"""The work of `thesis prompts`."""
