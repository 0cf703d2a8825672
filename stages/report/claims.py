"""What may be said about the augmentation: nothing, unless a calibration of this very state stands behind it."""

from collections.abc import Iterator

from stages.report.inputs import Inputs

WITHOUT = (
    "No claim is made. There is one training for each dataset, so a difference between the two adapters may come from the "
    "data or from the random start of the training; telling them apart needs several trainings of each and more draws "
    "(a calibration), and none was found for this state of data, parameters and code."
)


def augmentation(inputs: Inputs) -> Iterator[str]:
    yield WITHOUT
