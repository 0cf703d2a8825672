"""How alike the answers to one prompt are, and how the sources differ."""

from dataclasses import dataclass

from stages.common.tables.base import Band, ReadRow


@dataclass(frozen=True, kw_only=True)
class LikenessRow(ReadRow, independent=()):
    """likeness.csv; n = profiles with valid values in all compared fields.

    Similarity is 1 - Gower's distance, in the mean of pairs.
    """

    n: int
    n_used: int
    """All, or a seeded subsample."""
    n_prompts: int
    within: float
    """Similarity of two draws of one prompt."""
    between: float
    """Similarity of two draws of different prompts."""
    difference: float
    """within - between, in [-1, 1]."""
    low: float
    """`low` and `high`: jackknife interval over conversations, where a draw by itself is one."""
    high: float
    band: Band
    """The difference where the prompt makes none (conversations shuffled across prompts)."""


@dataclass(frozen=True, kw_only=True)
class AgreementRow(ReadRow, independent=("low", "high", "band")):
    """agreement.csv; n = prompts compared, each with n_used profiles."""

    field: str
    role: str
    n: int
    n_used: int
    """The profiles with a valid value, of the prompt that has fewest; of the others a seeded subsample."""
    kappa: float
    low: float | None
    """`low` and `high`: interval for the same prompts, if they were asked without end."""
    high: float | None
    band: Band
    """Kappa where the prompt makes no difference (profiles shuffled across prompts)."""


@dataclass(frozen=True, kw_only=True)
class PermanovaRow(ReadRow, independent=("low", "high")):
    """permanova.csv; n = profiles with valid values in all compared fields. Its arm is always "(all)"."""

    sources: str
    """"(all)", or two names joined by " | "."""
    n_sources: int
    n: int
    n_used: int
    """All, or a seeded subsample, evenly from every source under every prompt."""
    pseudo_f: float
    r2: float
    low: float | None
    """`low` and `high`: interval for the sources, had each written without end, in the same proportions."""
    high: float | None
    band_low: float
    """`band_low` and `band_high`: r2 where the source makes no difference."""
    band_high: float
    p: float
    n_permutations: int


@dataclass(frozen=True, kw_only=True)
class EffectRow(ReadRow, independent=()):
    """effects.csv; of all arms of the grid under all prompts. `arm` and `prompt` are "(all)"."""

    field: str
    role: str
    effect: str
    """`source`, `condition` or `source x condition`."""
    sources: str
    """Those with both conditions, joined by |."""
    n: int
    """Draws with a valid value; those of a conversation count as one, with their mean."""
    n_prompts: int
    """Prompts under which every arm has such draws."""
    df: int
    """Degrees of freedom of the effect, per level or number."""
    f: float
    """Mean square of the effect by that of the residuals."""
    partial_eta2: float
    """The effect's sum of squares by itself plus residuals: in [0, 1]."""
    low: float
    """`low` and `high`: interval for these arms, had each written without end."""
    high: float
    band_high: float
    """What chance's partial_eta2 stays below, in a share evaluate.confidence of permutations."""
    p: float
    q: float
    """Benjamini-Hochberg's, over all fields and effects: exploratory."""
