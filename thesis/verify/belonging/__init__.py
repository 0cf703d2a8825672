"""Tier 1: the files belong together."""
