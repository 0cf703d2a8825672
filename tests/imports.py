"""The import closure of a stage, read from the source: what its `deps` in dvc.yaml must list."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHELL = "stages.shell"
"""What no result depends on: an edit there re-runs nothing."""


def closure(package: str, *, with_shell: bool = False) -> set[str]:
    """Our own files that the results of `package` depend on, as posix paths: what its __main__ imports.

    Args:
        with_shell: all files that it imports, also those that change no result.
    """
    todo = [f"{package}.__init__", f"{package}.__main__"]
    seen: set[str] = set()
    while todo:
        file = _file(todo.pop())
        if file is None or file.as_posix() in seen:
            continue
        seen.add(file.as_posix())
        names = [name for name in imported(ROOT / file) if name.startswith("stages.")]
        todo += [name for name in names if with_shell or not name.startswith(SHELL)]
    return seen


def as_deps(files: set[str], package: str) -> set[str]:
    """The closure as dvc.yaml lists it: the stage's package as a folder, the rest by file.

    Files without any code (a docstring alone) are no dependency.
    """
    own = package.replace(".", "/")
    others = {file for file in files if not file.startswith(f"{own}/") and _has_code(ROOT / file)}
    return {own, *others}


def _file(module: str) -> Path | None:
    path = Path(*module.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if (ROOT / candidate).is_file():
            return candidate
    return None


def imported(file: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    parents = [".".join(name.split(".")[:i]) for name in names for i in range(2, name.count(".") + 1)]
    return names + parents


def taken_from(file: Path, package: str) -> set[tuple[str, str]]:
    """(module, name) of everything that a file imports from the modules of a package."""
    return {
        (node.module.removeprefix(f"{package}."), alias.name)
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(f"{package}.")
        for alias in node.names
    }


def _has_code(file: Path) -> bool:
    body = ast.parse(file.read_text("utf-8")).body
    return any(not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) for node in body)
