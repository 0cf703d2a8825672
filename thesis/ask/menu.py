"""The conversation in the terminal: a prompt, its answers, then the next action."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from rich.console import Console
from rich.text import Text

from stages.common.shown import visible
from stages.generate.arms import Arm
from stages.shell.errors import UserError
from thesis.ask.answers import Answer
from thesis.ask.keyboard import rest_of_text
from thesis.ask.labels import label_of
from thesis.ask.prompts import Prompt, typed_prompt
from thesis.ask.saving import Saved, save, undo
from thesis.ask.session import Session
from thesis.ask.settings import Settings, changes_of
from thesis.ask.showing import prompt_view
from thesis.ask.terminal import fill, show
from thesis.ask.web.columns import Column

ACTIONS = "[n]ext draw  [a]gain  [p]rompt  [c]hange settings  [s]ave  [u]ndo  [q]uit"


@dataclass
class Menu:
    """The state of a conversation, and the actions between two answers."""

    session: Session
    arms: Sequence[Arm]
    settings: Settings
    console: Console
    read: Callable[[str], str]
    """Asks for a line; EOFError ends the conversation."""
    prompt: Prompt | None = None
    answers: list[Answer] = field(default_factory=list)
    saved: list[list[Saved]] = field(default_factory=list)
    """Files of each save; the last can be undone."""

    def run(self) -> None:
        """Act until `quit`, or the end of the input."""
        with suppress(EOFError):
            self._act("prompt")
            while self._act(self.read(f"\n{ACTIONS}\n> ").strip()):
                pass

    def _act(self, line: str) -> bool:
        """Do one action; False to quit. A mistake is shown, and the conversation continues."""
        word, *rest = line.split() or ["next"]
        actions = {
            "next": self._next,
            "again": self._ask,
            "prompt": self._choose,
            "change": self._change,
            "save": lambda: self._save(rest),
            "undo": self._undo,
        }
        name = next((name for name in [*actions, "quit"] if word.lower() in (name, name[0])), None)
        if name == "quit":
            return False
        try:
            if name is None:
                raise UserError(f"{visible(word)!r} is not an action; type one of the letters in brackets")
            actions[name]()
        except UserError as error:
            self._tell(str(error), "red")
        return True

    def _choose(self) -> None:
        """Take another prompt, from the list or typed; draws start again at the first."""
        for number, prompt in enumerate(self.session.asked, start=1):
            last = prompt.text.splitlines()[-1]
            self._tell(f"  {number}  {prompt.id}: … {visible(last)}")
        while True:
            line = self.read("A number, or your own prompt (an empty line ends it)\n> ")
            try:
                self.prompt = self._prompt(line)
                break
            except UserError as error:
                self._tell(str(error), "red")
        self.settings = self.settings.changed(first_draw=1)
        self.console.print(prompt_view(self.prompt.text))
        self._ask()

    def _prompt(self, line: str) -> Prompt:
        if re.fullmatch(r"\d{1,9}", line.strip(), re.ASCII):
            number = int(line)
            if not 1 <= number <= len(self.session.asked):
                raise UserError(f"The list has no prompt {number}")
            return self.session.asked[number - 1]
        return typed_prompt("\n".join([line, *rest_of_text(line, self.read)]), self.session.asked)

    def _ask(self) -> None:
        """Draw and show; Ctrl-C stops only this draw, and leaves what was written."""
        if self.prompt is None:
            return
        self.answers, columns = [], [Column(arm) for arm in self.arms]
        try:
            fill(columns, self.session, self.prompt, self.settings, self.console)
        except KeyboardInterrupt:
            self._tell("Stopped. What was written is kept, as if the token limit had come here.")
        self.answers = [answer for column in columns for answer in column.answers]
        show(self.answers, self.console)

    def _next(self) -> None:
        self.settings = self.settings.changed(first_draw=self.settings.first_draw + self.settings.draws)
        self._ask()

    def _change(self) -> None:
        """Change settings by name, until an empty line."""
        while True:
            self._tell(self.settings.listed())
            line = self.read("A setting and its value (an empty line ends)\n> ").strip()
            if not line:
                return
            try:
                self.settings = self.settings.changed(**changes_of(line))
            except UserError as error:
                self._tell(str(error), "red")

    def _save(self, which: Sequence[str]) -> None:
        """Save all answers shown, or those of some columns or draws."""
        unknown = [w for w in which if w not in {label_of(a.arm) for a in self.answers} and not w.isdecimal()]
        if unknown:
            raise UserError(
                f"There is no column {visible(unknown[0])!r}; type: save, save original, or save augmented 3 "
                "(draw 3 of augmented)"
            )
        labels, draws = [w for w in which if not w.isdecimal()], [int(w) for w in which if w.isdecimal()]
        chosen = [
            answer
            for answer in self.answers
            if (not labels or label_of(answer.arm) in labels) and (not draws or answer.draw in draws)
        ]
        if not chosen:
            raise UserError("There is nothing to save: ask first")
        self.saved.append(save(chosen))
        tell_saved(self.saved[-1], self.console)

    def _undo(self) -> None:
        if not self.saved:
            raise UserError("There is no save to undo")
        removed = undo(last := self.saved.pop())
        for one in last:
            done = "removed" if one.path in removed else "kept: it is older, or was changed since"
            self._tell(f"{one.path}: {done}")

    def _tell(self, text: str, style: str = "") -> None:
        self.console.print(Text(text, style))


def tell_saved(saved: Sequence[Saved], console: Console) -> None:
    for one in saved:
        console.print(Text(f"{'Saved' if one.is_new else 'Saved before:'} {one.path}"), soft_wrap=True)
