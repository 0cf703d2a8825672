"""Modules in which the comparison of code can leave nothing out."""

import ast
from collections.abc import Set

READING = {
    "__annotations__", "__doc__", "get_annotations", "get_type_hints", "getdoc", "getsource", "signature",
    "PlainSerializer", "WrapSerializer", "custom_op", "singledispatch", "validate_call",
}  # fmt: skip
"""What reads annotations, docstrings or the source at run time."""
KNOWN = {"builtins", "contextlib", "functools", "stages", "typing"}
"""Packages from which a name that leaves something out may be imported."""


def is_ordinary(tree: ast.Module, builtins: Set[str], others: Set[str]) -> bool:
    """Whether nothing that is left out is read at run time, and names mean what they usually do.

    Args:
        builtins: functions whose names no variable may have either.
        others: functions, classes and decorators; a variable that is called `cache` does no harm.
    """
    return not any(_gives_meaning(node, builtins, builtins | others) for node in ast.walk(tree))


def _gives_meaning(node: ast.AST, builtins: Set[str], names: Set[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in READING or (node.id in builtins and isinstance(node.ctx, ast.Store))
    if isinstance(node, ast.Attribute):
        return node.attr in READING
    if isinstance(node, ast.arg):
        return node.arg in builtins
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        bases = map(ast.unparse, getattr(node, "bases", ()))
        return node.name in names and names.isdisjoint(bases)  # a refusal may be a kind of another
    if isinstance(node, ast.Import | ast.ImportFrom):
        known = (getattr(node, "module", None) or "").partition(".")[0] in KNOWN
        foreign = READING if known else READING | names
        return any((one.asname or one.name) in foreign for one in node.names)
    return False
