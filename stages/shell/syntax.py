"""Python source without what changes no result.

Left out are comments, docstrings, annotations, formatting, what is printed, and the text of a refusal: the
arguments of what is raised, and functions that return a UserError. Constants of such texts are in `remedies`.
"""

import ast
import re
from collections.abc import Iterator
from typing import Any

from stages.shell.ordinary import is_ordinary

TYPING = {"typing", "collections.abc"}
"""Modules that are imported for annotations. A name from them counts as code where code uses it."""
SHOWING = {"len", "repr", "round", "str"}
"""Calls that change nothing when they are printed."""
ACTING = (
    ast.Call, ast.NamedExpr, ast.Subscript, ast.Await, ast.Yield, ast.YieldFrom,
    ast.Starred, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip
"""Expressions that may change something: a subscript can add a default, the last five use up an iterator."""
CHOOSING = (ast.IfExp, ast.BoolOp, ast.Compare, ast.Lambda)
"""Expressions that may leave out a part of themselves. All of it counts if a part may change something."""
STREAMS = {"sys.stderr", "sys.stdout"}
REFUSALS = {"UserError", "NotKept", "TooLong", "mistakes"}
"""Errors that end a stage. It leaves no result then, so their text changes none."""
REFUSAL = "UserError"
"""Return type of a function that only words a refusal."""
PLAIN = {"staticmethod", "classmethod", "property", "cached_property", "contextmanager", "cache", "override"}
"""Decorators that ignore the annotations of what they decorate."""


def code_of(source: str | bytes) -> dict[str, str]:
    """The parts of a module by qualified name. Two parts are equal if their code is.

    The part "" is what remains: imports, statements, and the order of all parts. Docstrings, annotations and
    messages count as well where the module reads them at run time, or defines a name such as `print` itself.

    Raises:
        SyntaxError: the source is not Python. Under 3.11, null bytes are a ValueError.

    >>> code_of("def f(x: int) -> int:\\n 'Twice.'\\n return 2 * x") == code_of("def f(x): return 2*x  # !")
    True
    >>> sorted(code_of("class A:\\n    def f(self): ..."))
    ['', 'A', 'A.f']
    """
    tree = ast.parse(source)
    refusals = REFUSALS | _wording(tree)
    if is_ordinary(tree, SHOWING | {"print"}, REFUSALS | PLAIN):
        tree = _Bare(refusals).visit(tree)
        _drop_typing(tree)
    parts: dict[str, str] = {}
    _take_out(tree, "", parts)
    return parts


def differing(old: str | bytes, new: str | bytes) -> list[str]:
    """Sorted names of the parts in which two versions of a module differ."""
    before, after = code_of(old), code_of(new)
    return sorted(name for name in before | after if before.get(name) != after.get(name))


def _take_out(tree: Any, name: str, parts: dict[str, str]) -> None:
    """Move functions, classes and constants out of a body into `parts`; their names keep the order."""
    body = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = f"{name}.{node.name}" if name else node.name
            if isinstance(node, ast.ClassDef):
                _take_out(node, inner, parts)
            else:
                parts[inner] = parts.get(inner, "") + ast.dump(node)  # overloads and setters share a name
            body.append(ast.Expr(ast.Name(node.name, ast.Load())))
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            inner = f"{name}.{node.targets[0].id}" if name else node.targets[0].id
            parts[inner] = parts.get(inner, "") + ast.dump(node)
            body.append(ast.Expr(node.targets[0]))
        else:
            body.append(node)
    tree.body = body
    parts[name] = parts.get(name, "") + ast.dump(tree)  # a class may share its name with one before it


class _Bare(ast.NodeTransformer):
    """Removes what changes nothing at run time.

    Annotations in the body of a class stay, since dataclasses and pydantic read them.
    """

    def __init__(self, refusals: set[str]) -> None:
        self.refusals, self.in_class = refusals, False

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        is_text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        is_shown = _calls(node.value, {"print"}) and not _written_to_file(node.value)
        if is_text or (is_shown and not (acting := [*_acting(node.value)])):
            return None
        return ast.Expr(ast.List(acting, ast.Load())) if is_shown else self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        if isinstance(node.exc, ast.Call) and _calls(node.exc, self.refusals):
            node.exc = node.exc.func
        return self.generic_visit(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        return None if f"{node.module}.".startswith("stages.shell.") else node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._visit_body(node, in_class=True)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        self.generic_visit(node)
        if self.in_class:
            return node
        return ast.Assign([node.target], node.value) if node.value else None

    def visit_FunctionDef(self, node: Any) -> ast.AST:
        if _words_a_refusal(node):
            node.body = [ast.Pass()]
        if all(isinstance(one, ast.Name) and one.id in PLAIN for one in node.decorator_list):
            node.returns = None
            for one in ast.walk(node.args):
                if isinstance(one, ast.arg):
                    one.annotation = None
        return self._visit_body(node, in_class=False)

    visit_AsyncFunctionDef = visit_FunctionDef

    def _visit_body(self, node: ast.AST, in_class: bool) -> ast.AST:
        outer, self.in_class = self.in_class, in_class
        visited = self.generic_visit(node)
        self.in_class = outer
        return visited


def _wording(tree: ast.Module) -> set[str]:
    """Names of the functions of a module that only word a refusal."""
    return {one.name for one in tree.body if isinstance(one, ast.FunctionDef) and _words_a_refusal(one)}


def _words_a_refusal(node: Any) -> bool:
    return isinstance(node.returns, ast.Name) and node.returns.id == REFUSAL


def _drop_typing(tree: ast.Module) -> None:
    """Remove imported types that no code uses after the annotations are gone."""
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | {"*"}
    for one in ast.walk(tree):  # only annotations of fields are left, and may be quoted
        if isinstance(one, ast.AnnAssign):
            used |= {*re.findall(r"\w+", ast.unparse(one.annotation))}
    for node in tree.body[:]:
        if isinstance(node, ast.ImportFrom) and node.module in TYPING:
            node.names = [one for one in node.names if (one.asname or one.name) in used]
            if not node.names:
                tree.body.remove(node)


def _written_to_file(call: Any) -> bool:
    return any(
        one.arg is None or (one.arg == "file" and ast.unparse(one.value) not in STREAMS)
        for one in call.keywords
    )


def _acting(node: ast.AST) -> Iterator[Any]:
    """Parts of a printed text that may change something. They count as code; the words do not."""
    for inner in ast.iter_child_nodes(node):
        acts = isinstance(inner, ACTING) and not _calls(inner, SHOWING)
        if acts or (isinstance(inner, CHOOSING) and (_looks_in(inner) or any(_acting(inner)))):
            yield inner
        else:
            yield from _acting(inner)


def _looks_in(node: ast.AST) -> bool:
    """Whether it is `x in y`, which uses up an iterator."""
    return isinstance(node, ast.Compare) and any(isinstance(one, ast.In | ast.NotIn) for one in node.ops)


def _calls(node: ast.expr, names: set[str]) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
