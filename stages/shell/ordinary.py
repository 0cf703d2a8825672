"""Names by which the comparison of code leaves something out, and where they mean something else."""

import ast

SHOWING = {"len", "repr", "round", "str"}
"""Calls that change nothing when they are printed."""
REFUSALS = {"UserError", "mistakes"}
"""Errors that end a stage. It leaves no result then, so their text changes none."""
PLAIN = {"staticmethod", "classmethod", "property", "cached_property", "contextmanager", "cache", "override"}
"""Decorators that ignore the annotations of what they decorate."""
READING = {
    "__annotations__", "__doc__", "get_annotations", "get_type_hints", "getdoc", "getsource", "signature",
    "PlainSerializer", "WrapSerializer", "custom_op", "singledispatch", "validate_call",
}  # fmt: skip
"""What reads annotations, docstrings or the source at run time."""
VARIABLES = {"print", *SHOWING}
"""Names that must not be those of variables; one that is called `cache` or `mistakes` does no harm."""
FUNCTIONS = VARIABLES | REFUSALS | PLAIN
KNOWN = {"builtins", "contextlib", "functools", "stages.shell.errors", "typing"}
"""Modules from which these names may be imported."""


def is_ordinary(tree: ast.Module) -> bool:
    """Whether the names mean what they usually do, and nothing is read at run time that is left out."""
    return not any(map(_gives_meaning, ast.walk(tree)))


def _gives_meaning(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return node.id in READING or (node.id in VARIABLES and isinstance(node.ctx, ast.Store))
    if isinstance(node, ast.Attribute):
        return node.attr in READING
    if isinstance(node, ast.arg):
        return node.arg in VARIABLES
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name in FUNCTIONS
    if isinstance(node, ast.Import | ast.ImportFrom):
        foreign = READING if getattr(node, "module", None) in KNOWN else READING | FUNCTIONS
        return any((one.asname or one.name) in foreign for one in node.names)
    return False
