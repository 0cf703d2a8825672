"""Fidelity: how far shares, pairs of fields, numbers and rare levels are from the dataset's."""
