"""Consistency: does an arm answer a prompt alike, and how much do source and condition change?"""
