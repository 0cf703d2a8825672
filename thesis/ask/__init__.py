"""`thesis ask`: the base and both adapters side by side.

`session` draws, `card` reads, `saving` keeps. They print nothing, so any interface can use them.
`command`, `terminal`, `menu` and `showing` are the interface in the terminal; `web` is a page.
"""

import os

# The library reads it when it is imported.
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
