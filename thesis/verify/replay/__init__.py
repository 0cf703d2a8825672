"""Tier 3: losses and completions computed again from what is on record."""
