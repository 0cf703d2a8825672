"""Tier 5: the adapters trained again."""
