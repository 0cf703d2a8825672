"""Figures, tables and the page, made from the numbers that the other stages wrote."""
