"""The section `generate` of params.yaml."""

from pydantic import NonNegativeInt, PositiveInt

from stages.common.llm.sampling import SamplingParams


class GenerateParams(SamplingParams):
    """What is drawn, and how."""

    seed: NonNegativeInt
    """Seed of the noise, together with arm, prompt and draw."""
    draws: PositiveInt
    """Completions per arm and prompt."""
    constrained: bool
    """Draw every arm a second time under the schema's grammar, as `<source>+constrained`."""
    shots: PositiveInt
    """Training records shown to the untuned base in the +shots arms."""
    batch_size: PositiveInt
    """Draws computed together, of all arms with one adapter; part of the result where logits depend on it."""
