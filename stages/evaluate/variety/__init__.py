"""Variety: does an arm repeat itself, recite its training data, or recall the people in it?"""
