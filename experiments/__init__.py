"""Studies about the pipeline itself, outside of it: do its findings stand, does its evaluation find?

They import stages, never the reverse; no stage reads experiments/params.yaml.
"""
