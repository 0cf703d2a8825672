"""Who writes, and what the untuned base is shown."""

from stages.common.comparison import free_twin, is_constrained
from stages.common.records import CONDITIONS, Condition, Example
from stages.generate.arms import Arm, arms, constrained, excerpt


def people(condition: Condition, n: int = 9, twins: int = 1) -> list[Example]:
    return [
        Example(
            source_id=f"person-{i}",
            prompt_id="free",
            prompt="Write.",
            completion=f'{{"id":{i},"twin":{twin},"of":"{condition}"}}',
        )
        for i in range(n)
        for twin in range(twins)
    ]


TRAINING = {condition: people(condition) for condition in CONDITIONS}


def test_five_arms() -> None:
    found = arms("llama", TRAINING, n_shots=3, seed=1)
    assert [arm.name for arm in found] == [
        "llama/none",
        *("llama+shots/original", "llama+shots/augmented"),
        *("llama+lora/original", "llama+lora/augmented"),
    ]
    assert [arm.adapter for arm in found] == [None, None, None, "original", "augmented"]
    assert [len(arm.excerpt) for arm in found] == [0, 3, 3, 0, 0]


def test_constrained_arms_differ_from_free_ones_by_their_name() -> None:
    for arm in arms("llama", TRAINING, n_shots=3, seed=1):
        bound = constrained(arm)
        assert (is_constrained(arm.name), is_constrained(bound.name)) == (False, True)
        assert free_twin(bound.name) == arm.name
        assert (bound.condition, bound.adapter, bound.excerpt) == (arm.condition, arm.adapter, arm.excerpt)


def test_shots_are_training_records_of_their_condition() -> None:
    for arm in arms("llama", TRAINING, n_shots=3, seed=1)[1:3]:
        assert arm.condition != "none"
        assert set(arm.excerpt) <= {example.completion for example in TRAINING[arm.condition]}
        text = arm.prompt("Write.")
        assert text.endswith("\n\nWrite.")
        assert all(profile in text for profile in arm.excerpt)


def test_the_same_people_in_both_conditions() -> None:
    _, original, augmented, *_ = arms("llama", TRAINING, n_shots=4, seed=2)
    assert [p.replace("original", "augmented") for p in original.excerpt] == list(augmented.excerpt)


def test_the_same_people_where_one_condition_has_twins() -> None:
    single = excerpt(people("original"), 4, seed=2)
    twins = excerpt(people("augmented", twins=2), 4, seed=2)
    assert [p.replace("original", "augmented") for p in single] == twins


def test_the_choice_depends_on_seed_and_people_not_on_order() -> None:
    among = people("original", n=30)
    assert excerpt(among[::-1], 4, seed=1) == excerpt(among, 4, seed=1)
    assert excerpt(among, 4, seed=2) != excerpt(among, 4, seed=1)


def test_without_excerpt_the_prompt_is_what_is_asked() -> None:
    plain = [arm for arm in arms("llama", TRAINING, n_shots=3, seed=1) if not arm.excerpt]
    assert {arm.prompt("Write.") for arm in plain} == {"Write."}


def test_the_excerpt_as_text() -> None:
    arm = Arm("tiny+shots", "original", excerpt=("{}", "[]"))
    assert arm.prompt("Write.") == "Here are 2 profiles from a data set:\n{}\n[]\n\nWrite."
