"""Rules about SQL: who writes which table, and that statements name the workspace."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tools.lint.module import Module, Violation

WRITES = re.compile(
    r"\b(?:insert\s+into|update|delete\s+from|truncate(?:\s+table)?)\s+(?:only\s+)?([a-z_]+)\.([a-z_]+)", re.IGNORECASE
)
TABLES = re.compile(r"\b(?:from|join|into|update|using)\s+(?:only\s+)?([a-z_]+)\.([a-z_]+)", re.IGNORECASE)
NOT_BY_WORKSPACE = {"identity", "kernel", "pg_catalog", "information_schema"}
"""Schemas whose tables answer "which workspace?", or belong to the machinery."""


def own_writes(module: Module) -> Iterator[Violation]:
    """Tables are written by the domain they belong to."""
    if not module.is_package:
        return
    for statement in module.statements():
        for schema, table in WRITES.findall(statement.text):
            if schema.lower() != module.domain:
                message = f"{schema}.{table} belongs to {schema}"
                yield from module.violation("own-writes", statement.line, message, end=statement.end)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "copy" and node.args:
            table = getattr(node.args[0], "value", None)
            if isinstance(table, str) and "." in table and table.split(".")[0] != module.domain:
                message = f"{table} belongs to {table.split('.')[0]}"
                yield from module.violation("own-writes", node.lineno, message, end=node.end_lineno)


def tenant(module: Module) -> Iterator[Violation]:
    """Every statement on a workspace's table names workspace_id."""
    if not module.is_package:
        return
    for statement in module.statements():
        touched = [f"{s}.{t}" for s, t in TABLES.findall(statement.text) if s.lower() not in NOT_BY_WORKSPACE]
        if touched and "workspace" not in statement.text:
            message = f"the statement on {touched[0]} does not name workspace_id"
            yield from module.violation("tenant", statement.line, message, end=statement.end)
