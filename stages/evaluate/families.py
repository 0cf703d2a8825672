"""The list of all metric families."""

from collections.abc import Callable, Iterator, Sequence

from stages.common.tables.base import Row
from stages.evaluate.bias.association import association
from stages.evaluate.bias.representation import representation
from stages.evaluate.cells import Cell, Study
from stages.evaluate.consistency.agreement import agreement
from stages.evaluate.consistency.effects import effects
from stages.evaluate.consistency.likeness import likeness
from stages.evaluate.consistency.sources import differences
from stages.evaluate.contrasts.exploratory import exploratory
from stages.evaluate.contrasts.family import declared
from stages.evaluate.contrasts.minimum import minimum_effects
from stages.evaluate.conversations import conversations
from stages.evaluate.fidelity.datasets import datasets
from stages.evaluate.fidelity.distributions import distributions
from stages.evaluate.fidelity.joint import joint
from stages.evaluate.fidelity.marginal import fidelity
from stages.evaluate.fidelity.numbers import numbers
from stages.evaluate.fidelity.tails import tails
from stages.evaluate.format.adherence import adherence
from stages.evaluate.format.domain import domain
from stages.evaluate.format.presence import presence
from stages.evaluate.format.rules import rules, text_rules
from stages.evaluate.format.validity import validity
from stages.evaluate.learning.gains import learning
from stages.evaluate.variety.different_numbers import different_numbers
from stages.evaluate.variety.diversity import copies, diversity
from stages.evaluate.variety.measures import variety
from stages.evaluate.variety.memorisation import memorisation
from stages.evaluate.words.family import marked_words
from stages.evaluate.words.lexicon import lexicon

OF_A_CELL: tuple[Callable[[Cell, Study], Iterator[Row]], ...] = (
    conversations,
    validity,
    presence,
    domain,
    rules,
    text_rules,
    adherence,
    fidelity,
    distributions,
    joint,
    tails,
    representation,
    numbers,
    association,
    diversity,
    copies,
    different_numbers,
    lexicon,
)
"""Families that measure one arm under one prompt."""

OF_THE_STUDY: tuple[Callable[[Sequence[Cell], Study], Iterator[Row]], ...] = (
    likeness,
    agreement,
    differences,
    variety,
    memorisation,
    declared,
    minimum_effects,
    exploratory,
    effects,
    marked_words,
    learning,
    datasets,
)
"""Families that measure across cells: one arm over its prompts, or one arm against another."""
