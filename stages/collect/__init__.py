"""Pasted answers of chat pages -> the same rows as our own completions."""
