"""Timed work; never a test."""
