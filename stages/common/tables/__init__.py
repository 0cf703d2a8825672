"""The rows of the tables under metrics/: one module per room of `evaluate`, one class per table.

`evaluate` writes them and `report` reads them; fields are columns.
"""
