"""Tier 2: the numbers again, from the artifacts."""
