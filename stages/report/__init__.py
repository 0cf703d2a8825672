"""Figures and pages made from the numbers."""
