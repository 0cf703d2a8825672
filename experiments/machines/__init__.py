"""How far the same computation differs between kernels, processors and computers."""
