"""Sentences from rows: what they say, and what they do not."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import binomtest

from stages.common.calibration import STATE, CalibratedContrast, Calibration, Power
from stages.common.files import write_json
from stages.common.made_with import ContrastFacts
from stages.common.tables.base import Rate
from stages.common.tables.bias import AssociationRow
from stages.common.tables.contrasts import ContrastRow
from stages.common.tables.fidelity import TotalVariationRow
from stages.common.tables.format import FunnelRow, RuleRow, TextRuleRow, ValidityRow
from stages.common.tables.learning import FieldLossRow, GainRow
from stages.common.tables.registry import TABLES
from stages.common.tables.totals import OutsideRow
from stages.report.caveats import ELSEWHERE
from stages.report.claims import NOT_KNOWN, augmentation_screen
from stages.report.coherence import bias_screen, consistency_screen
from stages.report.declared import contrasts_screen
from stages.report.discussion import discussion, preservation, reduction
from stages.report.figures import funnel
from stages.report.inputs import Inputs, load_inputs, settings_now
from stages.report.learning import learning_screen
from stages.report.loading import Tables
from stages.report.naming import arms_in_words
from stages.report.resembling import fidelity_screen
from stages.report.screens import findings, screens
from stages.report.tables.calibration import calibration as calibrated
from stages.report.varied import repeats
from stages.report.written import format_screen
from tests.common.test_calibration import ASKED, SAMPLING, settings
from tests.report.study import BARE, TUNED, completions, made, manifest, with_tables

CONTRAST = made(
    ContrastRow, prompt="any-cat", contrast="coat-black", kind="declared", primary=True,
    arm_a="t+lora/original", arm_b="t+lora/augmented", about_conditions=True, statistic="share", field="coat",
    level="black", n_a=10, n_b=9, value_a=0.8, value_b=0.1, difference=-0.7, band_low=-0.4, band_high=0.4,
    p=0.002, p_adjusted=0.01,
)  # fmt: skip
CALIBRATED = CalibratedContrast(
    contrast="coat-black", arm_a="t+lora/original", arm_b="t+lora/augmented", prompt="any-cat",
    statistic="share", field="coat", level="black", n=2400, n_seeds=6, difference_10=-0.7, p_adjusted_10=0.01,
    difference=-0.52, low=-0.6, high=-0.44, sd_pairs=0.08, p=0.0001, p_flip=0.03125, p_adjusted=0.0002,
    smallest_shift=0.19, sd_runs=0.05, sd_draws=0.03, seed_share=0.1, verdict="stands",
)  # fmt: skip


@pytest.fixture
def inputs(cats: Path) -> Inputs:
    return load_inputs()


def told(found: Iterable[str | list[str]]) -> str:
    """Join sentences and points into one text."""
    return " ".join(part for one in found for part in ([one] if isinstance(one, str) else one))


def valid(arm: str, n_valid: int, n: int) -> ValidityRow:
    interval = binomtest(n_valid, n).proportion_ci()
    return made(
        ValidityRow, arm=arm, prompt="any-cat", n=n, n_conversations=n, n_valid=n_valid,
        rate=Rate(rate=n_valid / n, low=interval.low, high=interval.high),
    )  # fmt: skip


def calibration(*contrasts: CalibratedContrast) -> Calibration:
    stated = [
        Power(n_seeds=n, shift=0.4, sd=0.12, power=power, smallest_shift=0.4)
        for n, power in ((3, 0.12), (6, 0.83))
    ]
    return Calibration(made_with=settings(), draws=200, n_seeds=6, power=tuple(stated), contrasts=contrasts)


def test_the_headline_splits_the_arms_at_half_of_their_draws(inputs: Inputs):
    # 3 of 4 valid under the tuned arm, 1 of 2 with examples, 0 of 2 of the bare base
    screen = format_screen(inputs)
    assert screen.headline == (
        "Most draws of LoRA · original fit the schema, but at most half of those of Base model and "
        "Examples · augmented"
    )
    assert "LoRA · original [3 of 4](validity)" in told(screen.sentences)


@pytest.mark.parametrize(
    ("counts", "headline"),
    [
        ([], "No arm was asked the prompt any-cat"),
        ([(2, 2), (5, 5)], "Every draw of every arm fits the schema"),
        ([(0, 2), (0, 5)], "No draw of any arm fits the schema"),
        ([(2, 3), (5, 5)], "More than half of the draws fit the schema, for every arm"),
        ([(1, 3), (1, 2)], "No arm fits the schema in more than half of its draws"),
    ],
)
def test_the_headline_about_format_is_true_at_the_edges(inputs: Inputs, counts, headline):
    rows = [valid(arm, *count) for arm, count in zip(("a/none", "b/none"), counts, strict=False)]
    assert format_screen(with_tables(inputs, validity=rows)).headline == headline


def test_an_interval_across_half_leaves_the_side_open(inputs: Inputs):
    rows = [valid("a/none", 6, 10), valid("b/none", 10, 10)]
    [said, *_] = format_screen(with_tables(inputs, validity=rows, completeness=[])).limits
    assert said == "The draws leave open on which side of half the true share lies for a · no data."


def test_refusals_and_arms_that_were_not_asked_stand_in_the_answer(inputs: Inputs):
    refused = made(FunnelRow, arm=TUNED, prompt="any-cat", step="refused", n=4, n_step=3)
    asked = with_tables(inputs, validity=[valid(TUNED, 1, 4)], funnel=[refused])
    said = told(format_screen(asked).sentences)
    assert "Refused to answer: LoRA · original, [3 of 4 draws](funnel)." in said
    assert "Not asked this prompt, so not judged for it: Base model and Examples · augmented." in said


def test_a_writer_is_named_once_if_all_its_arms_are_meant(inputs: Inputs):
    arms = ["tiny+lora/original", "tiny+lora/augmented", "tiny/none"]
    assert arms_in_words(arms, arms, inputs) == "LoRA and Base model"
    assert arms_in_words(arms[1:], arms, inputs) == "LoRA · augmented and Base model"


def test_distances_are_counted_beside_what_chance_gives(inputs: Inputs):
    rows = [row for row in inputs.tables[TotalVariationRow] if row.role == "protected"]
    n_above = sum(row.above_band for row in rows)
    assert fidelity_screen(inputs).headline.startswith(f"{n_above or 'None'} of {len(rows)} distances")


def test_pairs_that_chance_explains_are_said_to_be_no_more(inputs: Inputs):
    def headline(n_outside: int, n: int = 161) -> str:
        row = made(OutsideRow, arm="(all)", prompt="(all)", table="association", n=n, n_outside=n_outside,
                   n_by_chance=4.0)  # fmt: skip
        tables = {**inputs.tables.rows, OutsideRow: [row]}
        return bias_screen(replace(inputs, tables=Tables(tables))).headline

    assert headline(0) == "None of 161 pairs of fields is linked more strongly than chance allows"
    assert headline(4).endswith("no more than chance alone gives among so many")
    assert headline(5).endswith("; chance alone gives up to about 4")


def test_nothing_is_said_about_what_was_not_computed(inputs: Inputs):
    empty: dict[str, list[Any]] = {name: [] for name in (*TABLES, "distributions", "losses")}
    nothing = replace(with_tables(inputs, **empty), score={})
    assert [screen.id for screen in screens(nothing, set())] == ["augmentation"]  # it says why
    assert len(findings(screens(nothing, set()), nothing)) == 1


def test_losses_are_compared_only_with_the_base(inputs: Inputs):
    [points] = learning_screen(inputs).sentences
    assert points[0] == (
        "The 3 unseen people of the original dataset are predicted best by LoRA · original: "
        "[1.00](score) nats per token, against 2.00 (1.75–2.50) for the base alone."
    )
    assert learning_screen(replace(inputs, score={})).sentences == []


def test_data_reduction_counts_what_was_left_out_and_what_that_cost(inputs: Inputs):
    assert next(reduction(inputs)) == (
        "Original: of 20 records, 4 were left out; the largest shift of a field is [0.25](data reduction)."
    )
    assert [topic.name for topic in discussion(inputs)] == [
        "reduction", "preservation", "optimization", "constraints"
    ]  # fmt: skip


def test_only_arms_that_were_asked_are_said_to_have_nothing_readable(inputs: Inputs):
    said = told(preservation(inputs))
    assert "No readable profile, so nothing to compare: Base model." in said
    assert "nothing to compare" not in told(preservation(with_tables(inputs, validity=[])))


def test_a_contrast_is_shown_with_p_and_band(inputs: Inputs):
    screen = contrasts_screen(with_tables(inputs, contrasts=[CONTRAST]))
    said = told(screen.sentences)
    assert screen.headline == "1 of 1 declared contrast differs beyond chance"
    assert (
        "Share of coat = black, LoRA (t) · augmented minus LoRA (t) · original: [−0.70](contrasts) "
        "(p after Holm .010): these two adapters differ." in said
    )
    assert (
        "0.10 (n = 9) against 0.80 (n = 10), where chance alone gives differences from −0.40 to +0.40" in said
    )


def test_what_could_be_detected_is_said_once_and_only_of_what_was_not_found(inputs: Inputs):
    found = contrasts_screen(with_tables(inputs, contrasts=[CONTRAST]))
    missed = contrasts_screen(with_tables(inputs, contrasts=[replace(CONTRAST, p_adjusted=0.2)]))
    assert "detected" not in told(found.sentences) + told(found.limits)
    assert told(missed.limits).count("would be detected 8 times in 10") == 1
    assert "on average larger than the true one" not in told(missed.limits)


def test_sentences_about_readable_profiles_give_the_number_of_draws(inputs: Inputs):
    fewer: dict[str, Any] = {"n_readable": 4, "n_drawn": 10}
    tables = {
        name: [replace(row, **fewer) for row in inputs.tables.rows[TABLES[name]]]
        for name in ("diversity", "presence")
    }
    pair = made(
        AssociationRow, arm=TUNED, prompt="any-cat", field="coat", attribute="tame", n=4, v=0.1, p=1,
        band_low=0, band_high=1,
    )  # fmt: skip
    broken = made(
        RuleRow, arm=TUNED, prompt=inputs.headline_prompt.id, rule="(any)", of="generated", n=4, n_applies=4,
        n_broken=1, rate=Rate(rate=0.25, low=0.1, high=0.8),
    )  # fmt: skip
    tables |= {"association": [replace(pair, **fewer)], "rules": [replace(broken, **fewer)]}
    few = with_tables(inputs, **tables)
    for sentences in (repeats(few), bias_screen(few).sentences):
        assert "draws (" in told(sentences)
    for sentences in (consistency_screen(few).sentences, preservation(few)):
        assert "(of 4 readable of 10)" in told(sentences)


def test_no_claim_about_the_augmentation_without_a_calibration(inputs: Inputs):
    assert inputs.calibration == "there is none"
    screen = augmentation_screen(with_tables(inputs, contrasts=[CONTRAST]))
    assert screen.headline == NOT_KNOWN
    assert told(screen.sentences).endswith("(a calibration): there is none.")


def test_a_calibration_with_other_settings_makes_no_claim_and_says_why(inputs: Inputs):
    made = settings(sampling={**SAMPLING, "temperature": 0.3})
    write_json(STATE, calibration(CALIBRATED).model_copy(update={"made_with": made}).model_dump())
    screen = augmentation_screen(load_inputs())
    assert screen.headline == NOT_KNOWN
    assert "the adapters" in told(screen.sentences)
    assert "generate.temperature (was 0.3, is 1.0)" in told(screen.sentences)


@pytest.mark.parametrize(("sha256", "told_where"), [("a1", False), ("b2", True)])
def test_a_calibration_counts_on_every_machine_and_says_where_it_ran(cats: Path, sha256, told_where):
    # the arm of the study was drawn with the adapter a1; both are trained from the same
    made = settings_now(completions()).model_copy(update={"adapter_sha256": {TUNED: sha256}})
    write_json(STATE, calibration(CALIBRATED).model_copy(update={"made_with": made}).model_dump())
    found = load_inputs()
    screen, [table] = augmentation_screen(found), calibrated(found)
    assert screen.headline == "1 of 1 calibrated contrast stands over 6 pairs of trainings"
    assert (ELSEWHERE in told(screen.sentences), ELSEWHERE in table.note) == (told_where, told_where)


@pytest.mark.parametrize(("sha256", "said"), [("a1", "is"), ("b2", "has the random start of")])
def test_the_first_pair_is_the_pipelines_own_only_if_its_bytes_are(inputs: Inputs, sha256, said):
    made = settings_now(completions()).model_copy(update={"adapter_sha256": {TUNED: sha256}})
    state = calibration(CALIBRATED).model_copy(update={"made_with": made})
    asked = [ContrastFacts.model_validate(ASKED)]  # never declared
    found = replace(inputs, calibration=state, asked_contrasts=asked)
    assert f"The first pair {said} the pipeline's own." in told(augmentation_screen(found).limits)


def test_a_calibration_of_other_trainings_makes_no_claim(cats: Path):
    made = settings_now(completions())
    write_json(STATE, calibration(CALIBRATED).model_copy(update={"made_with": made}).model_dump())
    other = manifest("original")
    other["parameters"]["common"]["steps"] = 3
    write_json(cats / "models/adapters/original/manifest.json", other)
    screen = augmentation_screen(load_inputs())
    assert screen.headline == NOT_KNOWN
    assert "made with others: the base, data or settings of the adapters. Make calibrate" in told(
        screen.sentences
    )


@pytest.mark.parametrize(
    ("verdict", "headline", "words"),
    [
        ("stands", "1 of 1 calibrated contrast stands over 6 pairs", "Stands over trainings with other"),
        ("undecided", "None of 1 calibrated contrast stands over 6 pairs", "Undecided, as it would stand by"),
        ("does not stand", "None of 1 calibrated contrast stands over 6 pairs", "Does not stand: share of"),
    ],
)
def test_the_answer_gives_the_verdict_of_a_calibrated_contrast(inputs: Inputs, verdict, headline, words):
    one = CALIBRATED.model_copy(update={"verdict": verdict})
    found = replace(with_tables(inputs, contrasts=[CONTRAST]), calibration=calibration(one))
    screen = augmentation_screen(found)
    assert screen.headline == f"{headline} of trainings"
    assert words in told(screen.sentences)
    assert ("proves no equality" in told(screen.limits)) == (verdict != "stands")
    assert "standard deviation of 0.12, " in told(screen.limits)
    assert "of such studies find a shift of 0.40." in told(screen.limits)


@pytest.mark.parametrize(
    ("changes", "ends", "least"),
    [
        ({}, "−0.60 to −0.44", "±0.19"),
        ({"low": None, "high": None, "smallest_shift": None}, "the same in every pair", "–"),
        ({"smallest_shift": 1.47}, "−0.60 to −0.44", "–"),  # no share differs by more than 1
    ],
)
def test_the_table_of_the_calibration_has_interval_and_what_would_be_detected(
    inputs: Inputs, changes, ends, least
):
    one = CALIBRATED.model_copy(update=changes)
    [table] = calibrated(replace(inputs, calibration=calibration(one)))
    [row] = table.rows
    assert table.columns[-1].title == "detected 8 times in 10 if the true difference is"
    assert (row[4].interval, row[-1].text) == (ends, least)


def gain(field: str, by: float, low: float, high: float) -> GainRow:
    return made(
        GainRow, arm=TUNED, prompt="(all)", data="original", field=field, role="", n=9, loss=1 - by,
        loss_frequencies=1, gain=by, low=low, high=high,
    )  # fmt: skip


def field_loss(arm: str, field: str, role: str, loss: float) -> FieldLossRow:
    return made(
        FieldLossRow, arm=arm, prompt="(all)", data="original", field=field, role=role, n=9, loss=loss
    )


def test_the_effect_of_training_is_separated_from_the_format(inputs: Inputs):
    parts = {("(structure)", ""): (20, 1), ("note", "text"): (30, 2), ("(content)", ""): (30, 15)}
    losses = [
        field_loss(arm, *part, loss)
        for part, both in parts.items()
        for arm, loss in zip((BARE, TUNED), both, strict=True)
    ]
    gains = [gain("coat", -0.2, -0.3, -0.1), gain("tame", -0.1, -0.3, 0.1), gain("mice", 0.5, 0.2, 0.8)]
    gains.append(gain("(content)", 0.2, -0.1, 0.5))
    said = told(learning_screen(with_tables(inputs, field_losses=losses, frequency_gains=gains)).sentences)
    # 19 + 28 of 19 + 28 + 15
    assert "[75.8\xa0%](field_losses) is form: the JSON around the values and the wording" in said
    assert "it gains +0.20 nats (−0.10 to 0.50) per person over all fields except text: 0.80 instead" in said
    assert "Predicted better than by their frequencies, beyond chance: mice (+0.50)." in said
    assert "Predicted worse than by their frequencies, beyond chance: coat (−0.20)." in said
    assert "tame" not in said  # chance alone may give that


def test_a_difference_found_with_few_draws_is_said_to_be_too_large(inputs: Inputs):
    several = replace(with_tables(inputs, contrasts=[CONTRAST]), calibration=calibration(CALIBRATED))
    said = told(contrasts_screen(several).limits)
    assert "on average larger than the true one, as small ones are missed; share of coat = black is" in said
    assert "[−0.52](calibration) over 2,400 draws that count." in said


@pytest.mark.parametrize(
    ("counts", "finding"),
    [
        ([(3, 4), (1, 4), (0, 4)], "{0} fits the schema most often (3 of 4 draws), {2} least"),
        ([(4, 4), (4, 4), (0, 4)], "LoRA fits the schema most often (4 of 4 draws each), {2} least"),
        ([(4, 4), (8, 8), (0, 4)], "LoRA fits the schema most often (100\xa0% of their draws), {2} least"),
        ([(2, 4), (2, 4), (2, 4)], "Every arm fits the schema equally often: 2 of 4 draws each"),
    ],
)  # fmt: skip
def test_arms_that_fit_equally_often_share_the_title(inputs: Inputs, counts, finding):
    arms = (TUNED, TUNED.replace("original", "augmented"), TUNED.replace("+lora/original", "/none"))
    rows = [valid(arm, *of) for arm, of in zip(arms, counts, strict=True)]
    [drawing] = funnel.draw(with_tables(inputs, validity=rows))
    assert drawing.title.startswith(finding.format(*map(inputs.name, arms)))


def test_texts_that_deny_a_field_belong_to_consistency(inputs: Inputs):
    row = made(
        TextRuleRow, arm=TUNED, prompt="any-cat", rule="(any)", of="generated", n=10, n_applies=10,
        n_broken=4, rate=Rate(rate=0.4, low=0.1, high=0.7),
    )  # fmt: skip
    own = replace(row, of="reference", n_broken=0, rate=Rate(rate=0.0, low=0.0, high=0.3))
    few = consistency_screen(with_tables(inputs, text_rules=[row, own], rules=[], likeness=[]))
    assert few.headline.startswith("No arm contradicts itself more often")
    said, lead = few.sentences
    assert lead == (
        "Read the profiles that [contradict a field in their text](completions:contradicts field), "
        "each with its rule."
    )
    assert said == (
        "Text that contradicts a field (of the dataset’s people: 0\xa0%): "
        "LoRA · original [4 of 10](text_rules)."
    )
    sure = replace(own, rate=Rate(rate=0.0, low=0.0, high=0.05))
    more = consistency_screen(with_tables(inputs, text_rules=[row, sure], rules=[], likeness=[]))
    assert more.headline == "1 of 1 arm contradicts itself more often than the dataset’s people do"
