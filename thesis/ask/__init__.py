"""`thesis ask`: the base and both adapters side by side.

`session` draws, `card` reads, `saving` keeps: they print nothing, and any interface can stand
on them. `command`, `terminal`, `menu` and `showing` are the one in the terminal.
"""

import os

# Read by the libraries when they are imported.
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
