"""`thesis diff`: two runs number by number, and which differences are larger than noise."""
