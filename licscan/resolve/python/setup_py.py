"""setup.py, never run: the literal arguments of its `setup(...)` call.

What is computed when it runs is a problem that says so. Where the code that computes it names a requirements file
beside it (`open("requirements.txt").read().splitlines()`), that file is read in its place, and that is said too.
"""

from __future__ import annotations

import ast
import re
from typing import Any

from licscan.base.load import text_of
from licscan.base.messages import _
from licscan.base.tree import Tree, join
from licscan.model import Claim, Scope
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.python.project import Project, extra_of, license_claims
from licscan.resolve.python.setup_call import Arguments, setup_arguments
from licscan.resolve.python.setup_cfg import items
from licscan.resolve.python.static import NotStatic, Source

_LISTS = (
    ("install_requires", Scope.RUNTIME),
    ("requires", Scope.RUNTIME),
    ("setup_requires", Scope.BUILD),
    ("tests_require", Scope.DEV),
)
_REQUIREMENTS = re.compile(r"(?i)[\w./-]*\.(?:txt|in|pip)")


def parse(tree: Tree, path: str) -> Parsed:
    """Everything that a setup.py asks for literally, and what it says of its own license."""
    source = Source(tree.read_text(path), path)
    arguments = setup_arguments(source)
    builder = Builder(path)
    if not arguments.found:
        return builder.build()
    reader = _Reader(builder, tree, source, arguments, _claims(source, arguments, path))
    for key, scope in _LISTS:
        reader.field(key, scope)
    reader.extras()
    if not arguments.complete and "install_requires" not in arguments.known:
        reader.computed("install_requires")
    return builder.build()


def _claims(source: Source, arguments: Arguments, path: str) -> list[Claim]:
    stated = text_of(_value(source, arguments, "license")) or text_of(_value(source, arguments, "licence"))
    classifiers = _value(source, arguments, "classifiers")
    if isinstance(classifiers, str):
        classifiers = items(classifiers)
    listed = [one for one in classifiers if isinstance(one, str)] if isinstance(classifiers, list) else []
    return license_claims(path, [("license", stated)], listed)


def _value(source: Source, arguments: Arguments, key: str) -> Any:
    try:
        return source.value(arguments.known[key]) if key in arguments.known else None
    except NotStatic:
        return None


class _Reader:
    """The fields of one call, each literal, read from a named file, or said to be computed."""

    def __init__(self, builder: Builder, tree: Tree, source: Source, arguments: Arguments, claims: list[Claim]):
        self.source = source
        self.arguments = arguments
        self.tree = tree
        self.project = Project(builder, tree, claims)

    def field(self, key: str, scope: Scope) -> None:
        """One list of requirements."""
        if node := self.arguments.known.get(key):
            self._list(node, key, scope)

    def extras(self) -> None:
        """The lists of `extras_require`, each on its own where the table is written out."""
        node = self.arguments.known.get("extras_require")
        if isinstance(node, ast.Name) and node.id not in self.source.changed:
            node = self.source.assigned.get(node.id, node)
        if isinstance(node, ast.Dict) and all(isinstance(key, ast.Constant) for key in node.keys):
            for key, value in zip(node.keys, node.values, strict=True):
                name = key.value if isinstance(key, ast.Constant) else ""
                self._extra(str(name), value)
            return
        if node is None:
            return
        try:
            table = self.source.value(node)
        except NotStatic:
            table = None
        if not isinstance(table, dict):
            self._from_files(node, "extras_require", Scope.OPTIONAL)
            return
        for name, listed in table.items():
            scope, marker, extra = extra_of(name)
            self._ask(listed, f"extras_require[{name!r}]", scope, marker, extra)

    def _extra(self, name: str, node: ast.expr) -> None:
        scope, marker, extra = extra_of(name)
        self._list(node, f"extras_require[{name!r}]", scope, marker, extra)

    def _list(self, node: ast.expr, place: str, scope: Scope, marker: str = "", extra: str = "") -> None:
        try:
            listed = self.source.value(node)
        except NotStatic:
            self._from_files(node, place, scope, extra)
            return
        self._ask(listed, place, scope, marker, extra)

    def _ask(self, listed: object, place: str, scope: Scope, marker: str = "", extra: str = "") -> None:
        if isinstance(listed, str):
            listed = items(listed)
        for item in listed if isinstance(listed, list) else ():
            text = f"{item}; {marker}" if marker and isinstance(item, str) else item
            self.project.ask(text, scope, place, extra=extra)

    def _from_files(self, node: ast.expr, place: str, scope: Scope, extra: str = "") -> None:
        """A computed list: what it starts with literally, and the requirements files that its code names."""
        base = self._base(node)
        if base is not None:
            self._ask(base, place, scope, extra=extra)
        files = self._files(node)
        if not files:
            self.computed(place)
        elif self.project.files(files, scope, extra):
            message = _("{field} of setup.py is computed from {files} when it runs; that file was read in its place")
            self.project.builder.problem(message.format(field=place, files=_(", ").join(files)))

    def _base(self, node: ast.expr) -> object:
        """The list to which a name is assigned before it is changed."""
        if isinstance(node, ast.Name) and node.id in self.source.assigned:
            try:
                return self.source.value(self.source.assigned[node.id])
            except NotStatic:
                return None
        return None

    def _files(self, node: ast.expr) -> list[str]:
        """Names of existing requirements files among the texts of the code; `join("reqs", "base.txt")` is one."""
        found: dict[str, None] = {}
        for inner in self.source.related(node):
            texts: list[str] = []
            if isinstance(inner, ast.Call):
                texts = [
                    arg.value for arg in inner.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                ]
            elif isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                texts = [inner.value]
            name = "/".join(text.strip("/") for text in texts)
            if _REQUIREMENTS.fullmatch(name) and self.tree.exists(join(self.project.folder, name)):
                found[name] = None
        return list(found)

    def computed(self, place: str) -> None:
        """Say that a field is not known."""
        self.project.problem(
            _("{field} of setup.py is computed when it runs; licscan never runs it").format(field=place)
        )
