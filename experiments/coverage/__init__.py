"""Simulate arms whose truth is known: how often do intervals hold it?"""
