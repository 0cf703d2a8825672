"""Completions -> profiles, with all that is wrong with each."""

from stages.common.evaluated import EvaluatedProfile
from stages.common.pasted import Pasted
from stages.common.records import Written
from stages.common.schema import ProfileSchema
from stages.evaluate.reading.parsing import parse


def evaluated(completion: Written, schema: ProfileSchema) -> EvaluatedProfile:
    """One completion, parsed and held against the schema and its rules."""
    parsed = parse(completion.text)
    return EvaluatedProfile(
        arm=completion.arm,
        prompt_id=completion.prompt_id,
        draw=completion.draw,
        conversation=completion.conversation if isinstance(completion, Pasted) else None,
        status=parsed.status,
        profile=parsed.profile,
        notes=list(parsed.notes),
        violations=[] if parsed.profile is None else schema.violations(parsed.profile),
        broken_rules=[] if parsed.profile is None else schema.broken_rules(parsed.profile),
        broken_text_rules=[] if parsed.profile is None else schema.broken_text_rules(parsed.profile),
    )
