"""Tier 4: new draws with the examiner's own number, and whether their shares fit the reported ones."""
