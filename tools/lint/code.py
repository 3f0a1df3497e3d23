"""Rules about code: where transactions end, who reads the environment, loops, sizes, names, docstrings."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.lint.module import Module, Violation

MODULE_LINES = 400
FUNCTION_LINES = 50
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "service", "services", "misc"}
READ_VERBS = ("get_", "find_", "list_", "count_")
WRITE_VERBS = ("create_", "update_", "delete_", "add_", "remove_", "set_", "insert_", "save_", "queue_")
ASKS = {"one", "maybe", "all", "value", "run", "copy", "fetch", "fetchrow", "fetchval", "execute", "executemany"}
ASKED = {"tx", "read", "conn", "connection"}
LOOPS = (ast.For, ast.AsyncFor, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def edge_commits(module: Module) -> Iterator[Violation]:
    """Transactions begin and end in the kernel."""
    if not module.is_package or module.domain == "kernel":
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("commit", "rollback"):
            yield from module.violation("edge-commits", node.lineno, "transactions end in the kernel")


def no_env(module: Module) -> Iterator[Violation]:
    """The environment is read in one place."""
    if not module.is_package or module.path == "waypost/kernel/config.py":
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb"):
            yield from module.violation("no-env", node.lineno, "the environment is read in kernel/config.py only")


def no_row_loops(module: Module) -> Iterator[Violation]:
    """No query is awaited inside a for: write a statement over the set."""
    if module.is_package:
        yield from _in_loops(module, module.tree, None)


def _in_loops(module: Module, node: ast.AST, loop: ast.AST | None) -> Iterator[Violation]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (*FUNCTIONS, ast.Lambda)):
            yield from _in_loops(module, child, None)
            continue
        if isinstance(child, ast.Await) and loop is not None and _asks(child.value):
            first = getattr(loop, "lineno", child.lineno)
            if not list(module.violation("no-row-loops", first, "")):
                continue
            yield from module.violation("no-row-loops", child.lineno, "a query in a loop", end=child.end_lineno)
        if not isinstance(child, LOOPS):
            yield from _in_loops(module, child, loop)
            continue
        # What a loop runs over is awaited once, before it.
        once = child.iter if isinstance(child, (ast.For, ast.AsyncFor)) else child.generators[0].iter
        yield from _in_loops(module, ast.Expression(once), loop)
        for part in ast.iter_child_nodes(child):
            if isinstance(part, ast.comprehension):
                rest = [item for item in ast.iter_child_nodes(part) if item is not once]
                yield from _in_loops(module, ast.Module(rest, []), child)  # type: ignore[arg-type]
            elif part is not once:
                yield from _in_loops(module, ast.Module([part], []), child)  # type: ignore[list-item]


def _asks(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call):
        return False
    owner = getattr(node.func, "value", None)
    if getattr(node.func, "attr", "") in ASKS and _word(owner) in ASKED:
        return True
    return bool(node.args) and _word(node.args[0]) in ASKED


def _word(node: ast.AST | None) -> str:
    return getattr(node, "id", getattr(node, "attr", "")).lstrip("_") if node is not None else ""


def size(module: Module) -> Iterator[Violation]:
    """Modules stay within 400 lines, functions within 50; a statement of SQL in it counts as one."""
    if len(module.lines) > MODULE_LINES:
        yield Violation(module.path, 1, "size", f"{len(module.lines)} lines, of at most {MODULE_LINES}")
    for node in ast.walk(module.tree):
        if isinstance(node, FUNCTIONS):
            length = (node.end_lineno or node.lineno) - node.lineno + 1 - _text_lines(node)
            if length > FUNCTION_LINES:
                yield from module.violation(
                    "size", node.lineno, f"{node.name} has {length} lines, of at most {FUNCTION_LINES}"
                )


def _text_lines(function: ast.AST) -> int:
    """The lines that literals take beyond their first."""
    texts = (node for node in ast.walk(function) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return sum((node.end_lineno or node.lineno) - node.lineno for node in texts)


def names(module: Module) -> Iterator[Violation]:
    """No module is called helpers or the like; queries do not promise a write, nor actions a read."""
    words = [part.removesuffix(".py") for part in module.path.split("/")]
    for word in words:
        if word in BANNED_NAMES:
            yield Violation(module.path, 1, "names", f"{word} says nothing about what is inside")
    wrong = {"queries": WRITE_VERBS, "actions": READ_VERBS}.get(
        words[2] if module.is_package and len(words) > 2 else ""
    )
    for node in module.tree.body if wrong else ():
        if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith(wrong or ()):
            yield from module.violation("names", node.lineno, f"{node.name} does not belong in {words[2]}")


def docstring(module: Module) -> Iterator[Violation]:
    """Every module opens with what it is for."""
    if module.text.strip() and ast.get_docstring(module.tree) is None:
        yield Violation(module.path, 1, "docstring", "the module does not say what it is for")
