"""What training taught: the loss of each field of people that no training saw, against plain frequencies.

It imports no other room; only what puts the study together may import it.
"""
