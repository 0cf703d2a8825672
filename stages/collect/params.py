"""The section `collect` of params.yaml."""

from pydantic import Field, NonNegativeInt, PositiveInt

from stages.common.params import Params


class CollectParams(Params):
    """Whose answers are expected, and what they were shown."""

    sources: list[str] = Field(min_length=1)
    """Folders of data/external, beside the interactive ones of `thesis ask`."""
    excerpt_records: PositiveInt
    """Training records in the file that `thesis prompts` gives to attach, of each condition."""
    excerpt_seed: NonNegativeInt
    """Seed that chooses its people; they are the same in both conditions."""
