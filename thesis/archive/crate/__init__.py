"""The RO-Crate: what every file is, and which stage made it from what, for machines."""
