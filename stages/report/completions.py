"""All completions, as the page's matrix shows them."""

from typing import Any
from urllib.parse import urlencode

from stages.common.cards import ENDED_WORDS, card_json
from stages.common.comparison import condition_of
from stages.common.look import arm_name, symbol
from stages.common.pasted import Pasted
from stages.common.phrases import many
from stages.common.prompts import asked_text
from stages.common.records import Completion, Written
from stages.common.shown import visible
from stages.report.inputs import Inputs


def matrix(inputs: Inputs) -> dict[str, Any]:
    """Arms, protected fields, prompts and cells; a cell names its arm and prompt by their places."""
    read = {(row.arm, row.prompt_id, row.draw): row for row in inputs.profiles}
    prompts = [prompt.id for prompt in inputs.prompts]
    arms = {arm: place for place, arm in enumerate(inputs.arms)}
    return {
        "arms": [
            {
                "id": arm,
                "name": visible(arm_name(arm, inputs.base)),
                "symbol": symbol(arm, inputs.base),
                "condition": condition_of(arm),
            }
            for arm in arms
        ],
        "fields": inputs.protected,
        "prompts": [
            {"id": prompt.id, "text": visible(asked_text(prompt, inputs.schema))} for prompt in inputs.prompts
        ],
        "cells": [
            {
                "arm": arms[row.arm],
                "prompt": prompts.index(row.prompt_id),
                "draw": row.draw,
                "card": card_json(
                    read.get((row.arm, row.prompt_id, row.draw)),
                    inputs.schema,
                    row.text,
                    made_words(row),
                    row.around if isinstance(row, Pasted) else "",
                ),
            }
            for row in inputs.completions
        ],
    }


def address(arm: str, prompt: str) -> str:
    """The place on the page that shows an arm's completions under a prompt, without the #.

    >>> address("llama+lora/original", "free")
    'completions?arm=llama%2Blora%2Foriginal&prompt=free'
    """
    return f"completions?{urlencode({'arm': arm, 'prompt': prompt})}"


def made_words(row: Written) -> str:
    """The length of a completion or where it was pasted from, and how it ended."""
    if isinstance(row, Completion):
        return f"{many(len(row.token_ids), 'token')}, {ENDED_WORDS[row.ended]}"
    if not isinstance(row, Pasted):
        return ""
    made = row.provenance
    interface = made.interface and f"interface: {made.interface}"
    known = [made.product, interface, made.model or "model not shown", made.date, ENDED_WORDS[row.ended]]
    return visible(", ".join(one for one in known if one))
