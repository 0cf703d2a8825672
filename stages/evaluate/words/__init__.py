"""Bias in words: which words mark a group of texts, and how many texts use words of a list."""
