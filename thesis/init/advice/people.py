"""What a person should know about the people: who is who, on what evidence, and what is left out."""

from collections.abc import Iterator
from itertools import islice

from stages.common.fields import MISSING, get
from stages.common.levels import label
from stages.common.records import CONDITIONS, Condition
from stages.prepare.identity import derivation
from thesis.init.draft import Draft
from thesis.init.fields.naming import plain
from thesis.init.people.agreement import differences
from thesis.init.people.arranging import Identity
from thesis.init.people.keys import PLACE

FEW = 0.1
"""Share of people with several records up to which these are listed: they may be mistakes."""
SHOWN = 3
"""Examples of a kind."""


def about_people(draft: Draft) -> list[str]:
    """One or two sentences per item, the identifier first."""
    found = draft.identity
    who = [*_identified(draft, found), *_evidence(draft, found)] if found else [*_unidentified(draft)]
    return [*who, *_refuted(draft), *_rows(draft), *_left_out(draft)]


def _identified(draft: Draft, found: Identity) -> Iterator[str]:
    totals = " and ".join(f"{sum(draft.n_people[c].values())} {c}" for c in CONDITIONS)
    several = [
        f"up to {found.max_twins[c]} {c} records share one id" for c in CONDITIONS if found.max_twins[c] > 1
    ]
    words = "; ".join([f"{draft.n_shared} people are in both files ({totals} records)", *several])
    source, second = (found.tie.keys[c].path for c in CONDITIONS)
    if found.path == source:
        yield f"{found.path} is taken as the identifier, which no prompt shows: {words}."
    else:
        by = f"their {PLACE[4:]}" if source == PLACE == second else found.tie.words
        yield (
            f"{found.path} is a new field that numbers the people. Their records are matched by {by}; no "
            f"prompt shows it: {words}."
        )
    if second not in (source, PLACE):
        yield (
            f"{second} of augmented holds the {source} of original. data/raw/augmented.json has it as "
            f"{found.path}, which replaces what was there."
        )
    if second == source and (respelled := _respelled(found)):
        yield (
            f"{source} of augmented is the one of original, spelled differently: {respelled}. "
            "data/raw/augmented.json has it as original spells it."
        )
    if not draft.n_shared:
        yield (
            "No id is in both files, so the versions of a person cannot be kept in the same split. If the "
            "files are about the same people, give them the same ids, or name the field of the augmented "
            "file that holds the original's id: --pair-by FIELD."
        )


def _respelled(found: Identity) -> str:
    """An example of an augmented id that was matched with an original one."""
    key = found.tie.keys["augmented"]
    pairs = ((str(one).strip(), name) for one, name in zip(key.found, key.names, strict=True) if name)
    return next((f"{one} is {name}" for one, name in pairs if plain(one) != plain(name)), "")


def _evidence(draft: Draft, found: Identity) -> Iterator[str]:
    """The share of fields in which twins agree, and two of them."""
    if not found.pairs:
        return
    evidence = found.agreement
    yield (
        f"Records of one person agree in {100 * evidence.share:.0f} % of their other fields, randomly paired "
        f"records in {100 * evidence.by_chance:.0f} %. {_example(draft, found)}"
    )
    if evidence.contradicted:
        yield (
            f"That is no more than by chance. Check that {found.tie.words} names the same person in both "
            "files. If it does not, give the field of the augmented file that holds the original's id: "
            "--pair-by FIELD."
        )


def _example(draft: Draft, found: Identity) -> str:
    records = {c: draft.given[c].records for c in CONDITIONS}
    paths = [path for path in draft.guesses if path != found.path]
    nulls = draft.prepare.nulls.spellings

    def unlike(pair: tuple[int, int]) -> list[str]:
        return [p for p in paths if differences([pair], records, paths, nulls).by_field[p]]

    first = next((pair for pair in islice(found.pairs, 50) if unlike(pair)), found.pairs[0])
    i, j = first
    one, other = records["original"][i], records["augmented"][j]
    changed = unlike(first)
    listed = ", ".join(f"{p} ({_shown(get(one, p))}, {_shown(get(other, p))})" for p in changed[:SHOWN])
    more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
    difference = f"differ in {listed}{more}" if changed else "are the same"
    places = f"original record {i + 1} and augmented record {j + 1}"
    return f"Example: {get(one, found.path)}, {places}, {difference}."


def _unidentified(draft: Draft) -> Iterator[str]:
    totals = " and ".join(f"{sum(draft.n_people[c].values())} {c}" for c in CONDITIONS)
    yield (
        "No identifier was found, so people are told apart by all fields that are not protected. "
        f"{draft.n_shared} people are in both files ({totals} records). If there should be more, give each "
        "person an id in both files, and name it with --id FIELD. Otherwise a person may be in training in "
        "one file and in test in the other."
    )
    yield from (f"{line}." for line in derivation(draft.checked))


def _refuted(draft: Draft) -> Iterator[str]:
    for tie in draft.people.refuted:
        yield (
            f"{tie.words} is in both files, but records with the same {tie.words} agree in "
            f"{100 * tie.agreement.share:.0f} % of their fields, no more than by chance. Therefore it is not "
            f"taken as the identifier. If it is one, use --id {tie.words}."
        )


def _rows(draft: Draft) -> Iterator[str]:
    """Records without an id, several of one, duplicates."""
    for c in CONDITIONS:
        found = draft.identity
        if found:
            yield from _named_oddly(c, found)
        if rows := draft.checked[c].duplicates:
            path = found.path if found else ""
            listed = _first(f"record {r.record} ({get(r.found, path)}, {r.reason})" for r in rows)
            n = len(draft.given[c].records)
            yield f"{c}: prepare will leave out {len(rows)} of {n} records: {listed}."


def _named_oddly(condition: Condition, found: Identity) -> Iterator[str]:
    if places := found.filled[condition]:
        yield (
            f"{condition}: {len(places)} records had no {found.path}. They were given that of the most "
            f"similar record, or a new one: records {_first(map(str, places))}."
        )
    several = found.several[condition]
    if several and len(several) < FEW * found.n_shared:
        listed = _first(f"{name} (records {', '.join(map(str, some))})" for name, some in several.items())
        yield (
            f"{condition}: several different records have the {found.path} {listed}. Check that they are "
            "about one person."
        )


def _left_out(draft: Draft) -> Iterator[str]:
    ties = draft.identity.tie.keys.values() if draft.identity else ()
    left_out = {p: what for p, what in draft.people.left_out.items() if p not in [k.path for k in ties]}
    mentions = draft.people.mentions
    if left_out:
        listed = ", ".join(f"{path} ({what})" for path, what in left_out.items())
        yield (
            "Left out of data/raw, the schema, prompts and completions, because it could identify a person: "
            f"{listed}. Keep a field with --keep FIELD."
        )
    if mentions:
        listed = ", ".join(f"{path} in {n} records" for path, n in mentions.items())
        yield f"Texts that are kept still mention what was left out: {listed}. Remove it from these texts."


def _first(words: Iterator[str]) -> str:
    some = list(islice(words, SHOWN + 1))
    return ", ".join(some[:SHOWN]) + (", …" if len(some) > SHOWN else "")


def _shown(value: object) -> str:
    text = "left out" if value is MISSING else label(value)
    return text if len(text) <= 30 else f"{text[:29]}…"
