"""Bias in fields: who appears, and which fields go together with the protected ones."""
