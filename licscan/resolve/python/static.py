"""What a Python source file says literally: read with `ast`, never run.

Names count that are assigned to literals, lists, dicts and their concatenations. Everything is bounded by a number of
steps for the whole file, so that `a = b + b; b = c + c; ...` cannot grow without end.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from typing import Any

from licscan.base.errors import FormatError
from licscan.base.messages import _

MAX_CHARACTERS = 1_000_000
MAX_STEPS = 200_000
MAX_WALKED = 500_000
MAX_DEPTH = 60
MAX_TEXT = 100_000


class NotStatic(Exception):  # noqa: N818  (says what the value is, not what went wrong)
    """The value is computed when the code runs."""


class Source:
    """One parsed file: its module-level assignments, and the names that are changed after them."""

    def __init__(self, text: str, path: str):
        self.tree = _parse(text, path)
        self.assigned: dict[str, ast.expr] = {}
        self.changed: set[str] = set()
        self.definitions: dict[str, list[ast.AST]] = {}
        for statement in self.tree.body:
            for name, value in _assignments(statement):
                if name not in self.assigned:
                    self.assigned[name] = value
        self._find_changes()
        self._steps = 0
        self._walked = 0

    def value(self, node: ast.expr) -> Any:
        """The literal value of an expression: text, number, list, dict, None; NotStatic otherwise."""
        return self._value(node, 0)

    def constant(self, *names: str) -> str | None:
        """The text assigned to the first of these names that has one."""
        for name in names:
            if name in self.assigned:
                try:
                    value = self.value(self.assigned[name])
                except NotStatic:
                    continue
                if isinstance(value, str):
                    return value
        return None

    def related(self, node: ast.AST) -> Iterator[ast.AST]:
        """All nodes of an expression and of what the names in it are defined as."""
        stack, visited = [node], set()
        while stack:
            for inner in ast.walk(stack.pop()):
                self._walked += 1
                if self._walked > MAX_WALKED:
                    return
                yield inner
                if isinstance(inner, ast.Name) and inner.id not in visited:
                    visited.add(inner.id)
                    stack.extend(self.definitions.get(inner.id, ()))

    def _find_changes(self) -> None:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef):
                self.definitions.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.With):
                for item in node.items:
                    if isinstance(item.optional_vars, ast.Name):
                        self.definitions.setdefault(item.optional_vars.id, []).append(item.context_expr)
            name = _changed_name(node)
            if name is not None:
                self.definitions.setdefault(name, []).append(node)
                if not (isinstance(node, ast.Assign | ast.AnnAssign) and node.value is self.assigned.get(name)):
                    self.changed.add(name)

    def _value(self, node: ast.expr, depth: int) -> Any:
        self._steps += 1
        if self._steps > MAX_STEPS or depth > MAX_DEPTH:
            raise NotStatic
        match node:
            case ast.Constant(value=value):
                return value
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
                return [self._value(item, depth + 1) for item in items]
            case ast.Dict(keys=keys, values=values):
                return self._dict(keys, values, depth)
            case ast.Name(id=name) if name in self.assigned and name not in self.changed:
                return self._value(self.assigned[name], depth + 1)
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return _added(self._value(left, depth + 1), self._value(right, depth + 1))
            case ast.Subscript(value=table, slice=key):
                return _item(self._value(table, depth + 1), self._value(key, depth + 1))
            case ast.Call(func=ast.Name(id="dict"), args=[], keywords=pairs) if all(pair.arg for pair in pairs):
                return {str(pair.arg): self._value(pair.value, depth + 1) for pair in pairs}
        raise NotStatic

    def _dict(self, keys: list[ast.expr | None], values: list[ast.expr], depth: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key, value in zip(keys, values, strict=True):
            if key is None:
                spread = self._value(value, depth + 1)
                if not isinstance(spread, dict):
                    raise NotStatic
                found.update(spread)
                continue
            name = self._value(key, depth + 1)
            if not isinstance(name, str):
                raise NotStatic
            found[name] = self._value(value, depth + 1)
        return found


def _parse(text: str, path: str) -> ast.Module:
    if len(text) > MAX_CHARACTERS:
        raise FormatError(_("is too long for a script that describes a package"), path=path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        place = _("line {line}").format(line=error.lineno) if error.lineno else None
        raise FormatError(_("is not valid Python 3"), path=path, place=place) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise FormatError(_("is not valid Python 3"), path=path) from error


def _assignments(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            yield name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value


def _changed_name(node: ast.AST) -> str | None:
    """The name that a statement binds or changes: `x = `, `x += `, `x[...] = `, `x.append(...)`."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name))]):
            return name
        case ast.AugAssign(target=ast.Name(id=name)) | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return name
        case ast.AugAssign(target=ast.Subscript(value=ast.Name(id=name))):
            return name
        case ast.For(target=ast.Name(id=name)):
            return name
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(
                    value=ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)),
                    attr="append" | "extend" | "insert" | "update" | "remove" | "pop" | "clear" | "setdefault",
                )
            )
        ):
            return name
    return None


def _added(left: Any, right: Any) -> Any:
    if isinstance(left, str) and isinstance(right, str) and len(left) + len(right) <= MAX_TEXT:
        return left + right
    if isinstance(left, list) and isinstance(right, list) and len(left) + len(right) <= MAX_STEPS:
        return left + right
    raise NotStatic


def _item(table: Any, key: Any) -> Any:
    if isinstance(table, dict) and isinstance(key, str) and key in table:
        return table[key]
    raise NotStatic
