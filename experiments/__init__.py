"""Studies about the pipeline, outside of it: do its findings stand, and does its evaluation find effects?

They import stages, never the reverse. No stage reads experiments/params.yaml.
"""
