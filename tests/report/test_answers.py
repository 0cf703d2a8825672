"""Sentences from rows: what they say, and what they do not."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import binomtest

from stages.common.calibration import STATE, CalibratedContrast, Calibration, Power
from stages.common.files import write_json
from stages.common.tables.base import Rate
from stages.common.tables.bias import AssociationRow
from stages.common.tables.contrasts import ContrastRow, MinimumEffectRow
from stages.common.tables.fidelity import TotalVariationRow
from stages.common.tables.format import RuleRow, TextRuleRow, ValidityRow
from stages.common.tables.learning import FieldLossRow, GainRow
from stages.common.tables.registry import TABLES
from stages.report.answers import answers, learns, repeats, resembles, writes
from stages.report.claims import augmentation
from stages.report.coherence import associated, consistent
from stages.report.declared import declared
from stages.report.discussion import discussion, optimization, preservation, reduction
from stages.report.inputs import Inputs, load_inputs
from stages.report.omissions import omissions
from tests.common.test_calibration import SAMPLING, settings
from tests.report.study import BARE, SHOTS, TUNED, made, with_tables

CONTRAST = made(
    ContrastRow, prompt="any-cat", contrast="coat-black", kind="declared", primary=True, arm_a="t/original",
    arm_b="t/augmented", about_conditions=True, statistic="share", field="coat", level="black", n_a=10,
    n_b=9, value_a=0.8, value_b=0.1, difference=-0.7, band_low=-0.4, band_high=0.4, p=0.002, p_adjusted=0.01,
)  # fmt: skip
CALIBRATED = CalibratedContrast(
    contrast="coat-black", arm_a="t/original", arm_b="t/augmented", prompt="any-cat", statistic="share",
    field="coat", level="black", n=2400, n_seeds=6, difference_10=-0.7, p_adjusted_10=0.01, difference=-0.52,
    low=-0.6, high=-0.44, sd_pairs=0.08, p=0.0001, p_flip=0.03125, p_adjusted=0.0002, smallest_shift=0.19,
    sd_runs=0.05, sd_draws=0.03, seed_share=0.1, verdict="stands",
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


def test_the_most_and_the_fewest_valid_profiles_are_named_with_their_intervals(inputs: Inputs):
    said = " ".join(writes(inputs))
    # 3 of 4 valid under the tuned arm, 0 of 2 of the bare base: intervals 19.4-99.4 % and 0-84.2 %
    assert (
        f"largest for {TUNED}, [3 of 4](validity) (true share 19.4\xa0% to 99.4\xa0%), and smallest" in said
    )
    assert "[0 of 2](validity) (true share 0\xa0% to 84.2\xa0%)" in said
    assert "the order of these arms is not settled" in said


def test_arms_with_equal_shares_are_all_named_each_with_its_own_n(inputs: Inputs):
    counts = {"a/none": (10, 10), "b/none": (3, 3), "c/none": (0, 10), "d/none": (0, 4)}
    rows = [valid(arm, *count) for arm, count in counts.items()]
    said = " ".join(writes(with_tables(inputs, validity=rows)))
    for arm, (n_valid, n) in counts.items():
        assert f"{arm}, [{n_valid} of {n}](validity)" in said
    # 3 of 3 reaches down to 29 %, 0 of 4 up to 60 %: the widest intervals decide, not the first arm's
    assert "Some of their intervals overlap" in said
    apart = [valid("a/none", 10, 10), valid("c/none", 0, 10)]
    assert "do not overlap" in " ".join(writes(with_tables(inputs, validity=apart)))


def test_missing_values_are_mentioned_once(inputs: Inputs):
    said, lines = [*omissions(inputs)]
    assert "counted here" in said
    # 3 of 4 draws, each with 6 fields; of the arm with examples, one coat of 12 fields is red
    fields = "of their {} fields, [0](presence) are missing and "
    assert lines == [
        f"{SHOTS}: [2 of 2 draws](funnel) can be read; {fields.format(12)}[1](domain) has an invalid value",
        f"{TUNED}: [3 of 4 draws](funnel) can be read; {fields.format(18)}[0](domain) have an invalid value",
    ]


def test_distances_are_counted_beside_what_chance_gives(inputs: Inputs):
    said = next(resembles(inputs))
    rows = [row for row in inputs.tables[TotalVariationRow] if row.role == "protected"]
    assert said.startswith(f"{len(rows)} distances")
    assert f"[{sum(row.above_band for row in rows)} of them]" in said


def test_a_number_that_was_not_computed_is_not_mentioned(inputs: Inputs):
    nothing = with_tables(inputs, diversity=[], copies=[], total_variation=[], validity=[], contrasts=[])
    assert [*writes(nothing), *resembles(nothing), *repeats(nothing), *declared(nothing)] == []
    assert all(answer.sentences for answer in answers(nothing))


def test_losses_are_compared_only_with_the_base(inputs: Inputs):
    assert next(learns(inputs)) == (
        "The 3 unseen people of the original dataset are predicted best by tiny+lora/original: "
        "[1.00](score) nats per token, against 2.00 (1.75–2.50) for the base alone."
    )


def test_data_reduction_counts_what_was_left_out_and_what_that_cost(inputs: Inputs):
    assert next(reduction(inputs)) == (
        "Original: of 20 records, 4 were left out; the largest shift of a field is [0.25](data reduction)."
    )
    assert [topic.name for topic in discussion(inputs)] == [
        "reduction", "preservation", "optimization", "constraints"
    ]  # fmt: skip


def could_find(method: str) -> MinimumEffectRow:
    """What the test of coat-black would have found."""
    return made(
        MinimumEffectRow,
        arm="(all)",
        prompt="any-cat",
        contrast="coat-black",
        minimum_effect=-0.62,
        power=0.8,
        method=method,
    )


def test_a_contrast_is_shown_with_p_band_and_minimum_effect(inputs: Inputs):
    least = could_find("exact")
    said = told(declared(with_tables(inputs, contrasts=[CONTRAST], minimum_effects=[least])))
    assert "1 contrast could be tested; [1](contrasts) was found" in said
    assert (
        "share of coat = black of t/augmented minus t/original: [−0.70](contrasts) (p after Holm .010)"
        in said
    )
    assert (
        "0.10 (n = 9) against 0.80 (n = 10), where chance alone gives differences from −0.40 to +0.40" in said
    )
    assert "only from [−0.62](minimum_effects) on; the other way it takes a larger one" in said
    assert "No difference, however large" in told(declared(with_tables(inputs, contrasts=[CONTRAST])))


def test_sentences_about_readable_profiles_give_the_number_of_draws(inputs: Inputs):
    fewer: dict[str, Any] = {"n_readable": 4, "n_drawn": 10}
    tables = {
        name: [replace(row, **fewer) for row in inputs.tables.rows[TABLES[name]]]
        for name in ("diversity", "presence")
    }
    pair = made(
        AssociationRow,
        arm=TUNED,
        prompt="any-cat",
        field="coat",
        attribute="tame",
        n=4,
        v=0.1,
        p=1,
        band_low=0,
        band_high=1,
    )
    broken = made(
        RuleRow,
        arm=TUNED,
        prompt=inputs.headline_prompt.id,
        rule="(any)",
        of="generated",
        n=4,
        n_applies=4,
        n_broken=1,
        rate=Rate(rate=0.25, low=0.1, high=0.8),
    )
    tables |= {"association": [replace(pair, **fewer)], "rules": [replace(broken, **fewer)]}
    few = with_tables(inputs, **tables)
    for sentences in (repeats(few), associated(few)):
        assert "draws (" in next(sentences)
    assert "of 4 readable of 10; true share" in told(consistent(few))
    for sentences in (preservation(few), optimization(few)):
        assert "(of 4 readable of 10)" in told(sentences)


@pytest.mark.parametrize(("statistic", "shown"), [("mean", "±0.62"), ("variety", "−0.62")])
def test_the_minimum_effect_has_the_direction_of_the_contrast(inputs: Inputs, statistic, shown):
    least = could_find("simulated")
    row = replace(CONTRAST, statistic=statistic)
    said = told(declared(with_tables(inputs, contrasts=[row], minimum_effects=[least])))
    assert f"only from [{shown}](minimum_effects) on." in said


def test_no_claim_about_the_augmentation_without_a_calibration(inputs: Inputs):
    assert inputs.calibration == "there is none"
    [said] = augmentation(with_tables(inputs, contrasts=[CONTRAST]))
    assert "No claim is made" in said
    assert "(a calibration): there is none." in said


def test_a_calibration_with_other_settings_makes_no_claim_and_says_why(inputs: Inputs):
    made = settings(sampling={**SAMPLING, "temperature": 0.3})
    write_json(STATE, calibration(CALIBRATED).model_copy(update={"made_with": made}).model_dump())
    [said] = augmentation(load_inputs())
    assert "No claim is made" in said
    assert "the adapters" in said
    assert "generate.temperature (was 0.3, is 1.0)" in said


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("stands", "It stands: trainings with other"),
        ("undecided", "It is undecided: it would stand by itself"),
        (
            "does not stand",
            "does not stand over trainings with other random starts; a difference from 0.19 on",
        ),
    ],
)
def test_the_answer_gives_the_verdict_of_a_calibrated_contrast(inputs: Inputs, verdict, words):
    one = CALIBRATED.model_copy(update={"verdict": verdict})
    found = replace(with_tables(inputs, contrasts=[CONTRAST]), calibration=calibration(one))
    *_, arms, points = augmentation(found)
    said = points[0]
    assert arms == "t/augmented against t/original:"
    assert "Share of coat = black: [−0.52](calibration)" in said
    assert (
        "(−0.60 to −0.44 over trainings; p after Holm < .001; "
        "n = 6 pairs of trainings, 2,400 of 2,400 draws count)" in said
    )
    assert words in said


def test_the_power_of_the_calibration_is_shown_beside_that_of_fewer_trainings(inputs: Inputs):
    said = str([*augmentation(replace(inputs, calibration=calibration(CALIBRATED)))])
    assert "if a number moves by 0.12 (sd) between trainings, 6 trainings find a shift of 0.40" in said


def test_runs_that_all_differ_by_the_same_have_no_interval(inputs: Inputs):
    one = CALIBRATED.model_copy(
        update={"low": None, "high": None, "smallest_shift": None, "verdict": "does not stand"}
    )
    *_, points = augmentation(replace(inputs, calibration=calibration(one)))
    assert "(the same in every training; p after Holm" in points[0]
    assert points[0].endswith("random starts.")


def test_no_share_differs_by_more_than_1(inputs: Inputs):
    one = CALIBRATED.model_copy(update={"smallest_shift": 1.47, "verdict": "does not stand"})
    *_, points = augmentation(replace(inputs, calibration=calibration(one)))
    assert points[0].endswith("no possible difference would have been found reliably.")


def test_each_contrast_names_its_own_arms(inputs: Inputs):
    other = CALIBRATED.model_copy(update={"arm_a": "u/original"})
    found = replace(inputs, calibration=calibration(CALIBRATED, other))
    [points] = [said for said in augmentation(found) if isinstance(said, list)]
    assert points[0].startswith("Share of coat = black, t/augmented against t/original:")


def test_every_arm_appears_under_information_preservation(inputs: Inputs):
    sentences = next(topic.sentences for topic in discussion(inputs) if topic.name == "preservation")
    assert [str(sentence).split(" ")[0].rstrip(":") for sentence in sentences] == inputs.arms
    assert SHOTS in inputs.arms


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
    said = " ".join(learns(with_tables(inputs, field_losses=losses, frequency_gains=gains)))
    # 19 + 28 of 19 + 28 + 15
    assert "[75.8\xa0%](field_losses) is form: the JSON around the values and the wording" in said
    assert "it gains +0.20 nats (−0.10 to 0.50) per person over all fields except text: 0.80 instead" in said
    assert "Predicted better than by their frequencies, beyond chance: mice (+0.50)." in said
    assert "Predicted worse than by their frequencies, beyond chance: coat (−0.20)." in said
    assert "predicted no better than by their frequencies: tame (−0.10)." in said


def test_a_difference_found_with_few_draws_is_said_to_be_too_large(inputs: Inputs):
    said = told(declared(with_tables(inputs, contrasts=[CONTRAST])))
    assert "A difference that few draws find is on average larger than the true one" in said
    assert "share of coat = black has no calibrated value" in said
    missed = replace(CONTRAST, p_adjusted=0.2)
    assert "larger than it is" not in told(declared(with_tables(inputs, contrasts=[missed])))


def test_texts_that_deny_a_field_belong_to_consistency(inputs: Inputs):
    row = made(
        TextRuleRow, arm=TUNED, prompt="any-cat", rule="(any)", of="generated", n=10, n_applies=10,
        n_broken=4, rate=Rate(rate=0.4, low=0.1, high=0.7),
    )  # fmt: skip
    own = replace(row, of="reference", n_broken=0, rate=Rate(rate=0.0, low=0.0, high=0.3))
    said = [*consistent(with_tables(inputs, text_rules=[row, own], rules=[], likeness=[]))]
    assert said[0] == (
        "Profiles whose text contradicts a field, among those with such words (prompt any-cat):"
    )
    assert "[4 of 10](text_rules)" in said[1][0]
    assert "0\xa0% of the dataset’s people" in said[1][0]
