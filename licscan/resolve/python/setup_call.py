"""The arguments of the one `setup(...)` call in a setup.py, as expressions."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from licscan.resolve.python.static import Source


@dataclass(frozen=True, slots=True)
class Arguments:
    """`known` by keyword; `complete` is False where `**something` that is computed may add more."""

    known: dict[str, ast.expr]
    complete: bool = True
    found: bool = True


def setup_arguments(source: Source) -> Arguments:
    """The keywords of the first call of `setup`, with a literal `**table` opened."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _is_setup(node.func):
            return _arguments(source, node)
    return Arguments({}, found=False)


def _is_setup(function: ast.expr) -> bool:
    match function:
        case ast.Name(id="setup"):
            return True
        case ast.Attribute(value=ast.Name(id="setuptools" | "core" | "distutils"), attr="setup"):
            return True
        case ast.Attribute(value=ast.Attribute(attr="core"), attr="setup"):
            return True
    return False


def _arguments(source: Source, call: ast.Call) -> Arguments:
    known: dict[str, ast.expr] = {}
    complete = True
    for keyword in call.keywords:
        if keyword.arg is not None:
            known[keyword.arg] = keyword.value
            continue
        table, whole = _table(source, keyword.value)
        complete = complete and whole
        known.update(table)
    return Arguments(known, complete)


def _table(source: Source, node: ast.expr) -> tuple[dict[str, ast.expr], bool]:
    """The entries of `**{...}` or `**name`, and whether that is all of them."""
    whole = True
    if isinstance(node, ast.Name):
        whole = node.id not in source.changed
        node = source.assigned.get(node.id, node)
    match node:
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            found = {key.value: value for key, value in pairs if isinstance(key, ast.Constant)}
            return {str(name): value for name, value in found.items()}, whole and len(found) == len(keys)
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
            return {word.arg: word.value for word in keywords if word.arg}, whole and all(w.arg for w in keywords)
    return {}, False
