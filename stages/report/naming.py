"""Arms in a sentence: a writer with all its datasets is named once."""

from collections.abc import Iterable, Sequence

from stages.common.look import writer_name
from stages.report.inputs import Inputs
from stages.report.numbers import listed


def arms_in_words(arms: Iterable[str], among: Sequence[str], inputs: Inputs) -> str:
    """The names of some arms; a writer whose arms are all meant, of those that are judged, once."""
    meant, names = [*arms], []
    for arm in meant:
        writer = writer_name(arm, inputs.base)
        of_writer = [one for one in among if writer_name(one, inputs.base) == writer]
        whole = len(of_writer) > 1 and all(one in meant for one in of_writer)
        names.append(writer if whole else inputs.name(arm))
    return listed(list(dict.fromkeys(names)))
