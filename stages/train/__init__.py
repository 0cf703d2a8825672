"""One LoRA adapter on one condition's data."""
