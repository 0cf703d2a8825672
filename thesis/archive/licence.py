"""The license of the base model, and what it asks of those who pass adapters on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stages.shell.errors import UserError
from stages.shell.used import value_at
from thesis.archive.git import Kept, yaml_in

LLAMA_2 = "Llama 2 Community License"
AGREEMENT = "models/licences/llama-2.txt"
NOTICE = (
    "Llama 2 is licensed under the LLAMA 2 Community License, Copyright (c) Meta Platforms, Inc. "
    "All Rights Reserved."
)
"""The words that section 1.b.iii of the agreement asks for."""


@dataclass(frozen=True)
class BaseModel:
    """The base model of a commit, by its entry in models/bases.yaml."""

    name: str
    entry: Mapping[str, Any]

    @property
    def licence(self) -> str:
        return str(self.entry["licence"])

    @property
    def is_llama_2(self) -> bool:
        return self.licence == LLAMA_2

    @property
    def origin(self) -> Mapping[str, str]:
        """Where the weights come from, as models/bases.yaml says."""
        found: Mapping[str, str] = self.entry["origin"]
        return found


def read_base(files: Mapping[str, Kept]) -> BaseModel:
    """The base model that `base:` in params.yaml names."""
    params, bases = (yaml_in(files, name) for name in ("params.yaml", "models/bases.yaml"))
    name = str(params["base"])
    return BaseModel(name, value_at(bases, name))


def notices(base: BaseModel, files: Mapping[str, Kept]) -> dict[str, Kept]:
    """The files that the base's license asks for; none if it asks for none.

    Raises:
        UserError: the agreement, of which everybody who gets an adapter must get a copy, is missing.
    """
    if not base.is_llama_2:
        return {}
    if AGREEMENT not in files:
        raise UserError(
            f"{AGREEMENT}: not in the commit\n"
            f"Its adapters are derivative works of Llama 2: who gets them must get its agreement.\n"
            "Save the LICENSE.txt that lies beside the weights under this name, and commit it"
        )
    return {"NOTICE": Kept(f"{NOTICE}\n".encode()), "LLAMA-2-LICENSE.txt": files[AGREEMENT]}
