"""Does the next `dvc repro` end in the same bytes, whatever stopped or damaged the one before?"""
