"""Turn completions into profiles, with all that is wrong with each."""

from collections.abc import Set

from stages.common.evaluated import EvaluatedProfile
from stages.common.pasted import Pasted
from stages.common.records import Written
from stages.common.schema import ProfileSchema
from stages.common.verdicts import AROUND
from stages.evaluate.reading.parsing import Parsed, parse

CUT = "the answer stops within the object"


def evaluated(completion: Written, schema: ProfileSchema) -> EvaluatedProfile:
    """Parse one completion, and check the profile against the schema and its rules."""
    pasted = completion if isinstance(completion, Pasted) else None
    keys = {field.path.split(".")[0].lower() for field in schema.all_fields}
    parsed = parse(completion.text, keys) if pasted is None else _parsed(pasted, keys)
    return EvaluatedProfile(
        arm=completion.arm,
        prompt_id=completion.prompt_id,
        draw=completion.draw,
        conversation=None if pasted is None else pasted.conversation,
        status=parsed.status,
        profile=parsed.profile,
        notes=list(parsed.notes),
        violations=[] if parsed.profile is None else schema.violations(parsed.profile),
        broken_rules=[] if parsed.profile is None else schema.broken_rules(parsed.profile),
        broken_text_rules=[] if parsed.profile is None else schema.broken_text_rules(parsed.profile),
    )


def _parsed(pasted: Pasted, keys: Set[str]) -> Parsed:
    """Parse a pasted text; add what `collect` saw of the whole answer: text around it, an end within it."""
    parsed = parse(pasted.text, keys)
    around = [AROUND] if pasted.around and AROUND not in parsed.notes else []
    notes = (*parsed.notes, *around, *([CUT] if pasted.ended == "cut" else []))
    status = "repaired" if parsed.status == "strict" and around else parsed.status
    return Parsed(status, parsed.profile, notes)
