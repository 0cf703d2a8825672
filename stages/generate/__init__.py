"""Profiles from the base model, with examples in its context, and with each adapter."""
