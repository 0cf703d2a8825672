"""What a field holds: names, codes, dates, numbers, private data."""
