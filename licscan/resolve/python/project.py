"""A Python project and what its manifest asks for: the bench that pyproject, setup.cfg, setup.py and Pipfile share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from licscan.base.errors import InputError
from licscan.base.load import text_of
from licscan.base.messages import _
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Claim, EvidenceKind, Location, Origin, Scope, Source, SourceKind
from licscan.packages import purls
from licscan.resolve.builder import Builder
from licscan.resolve.python import local, pep508, requirements
from licscan.resolve.python.identity import identify

UNRESOLVED = "dependency-unresolved"
_REFERENCES = ("rev", "ref", "tag", "branch")


class Project:
    """The root of a manifest; every `ask` adds one requirement below it and counts it."""

    def __init__(self, builder: Builder, tree: Tree, claims: Iterable[Claim] = ()):
        self.builder = builder
        self.tree = tree
        self.folder = folder_of(builder.path)
        identity = identify(tree, self.folder)
        self.name = identity.name
        self.root = builder.project("pypi", identity.name, identity.version, manifest=builder.path, claims=claims)

    def ask(
        self, item: object, scope: Scope, place: str, sources: dict[str, Any] | None = None, extra: str = ""
    ) -> None:
        """One PEP 508 text; what is no such text is a problem, an extra of the project itself is no dependency.

        `extra` is the extra that asks, or the group where the scope is that of development.
        """
        self.builder.seen += 1
        said = pep508.parse_requirement(item.strip()) if isinstance(item, str) else None
        if said is None or not said.valid:
            shown = requirements.shown(item) if isinstance(item, str) else type(item).__name__
            self.problem(_("{place}: is not a requirement: {text}").format(place=place, text=shown))
        if said is None:
            return
        self.builder.understood += 1
        if self.is_self(said.name):
            self.note(extra, scope, includes=said.extras)
            return
        self.note(extra, scope, [said.name])
        source = (sources or {}).get(purls.normalize_pypi_name(said.name))
        if source is None or not self.from_table(said, source, scope):
            self.require(said, scope)

    def note(self, extra: str, scope: Scope, needs: Iterable[str] = (), includes: Iterable[str] = ()) -> None:
        """Keep what an extra, or a group where the scope is that of development, asks for; empty: none asks."""
        if extra:
            self.builder.add_extra(self.root, extra, needs, includes, is_group=scope is Scope.DEV)

    def is_self(self, name: str) -> bool:
        """Whether a name is the project's own (`all = ["app[a,b]"]`)."""
        return bool(self.name) and purls.normalize_pypi_name(name) == purls.normalize_pypi_name(self.name or "")

    def require(self, requirement: pep508.Requirement, scope: Scope) -> None:
        """Add one requirement that is understood."""
        if requirement.url and requirement.url.lower().startswith("file:"):
            self.local(requirement, requirement.url[5:].removeprefix("//"), scope)
            return
        pep508.require(self.builder, self.root, requirement, scope)

    def local(self, requirement: pep508.Requirement, path: str, scope: Scope) -> None:
        """Add what stands at a path: a project of the same tree is first-party, anything else a package from there."""
        folder = join(self.folder, path.replace("\\", "/"))
        if local.require_project(self.builder, self.tree, self.root, folder, scope):
            return
        identity = pep508.archive_identity(path)
        key = self.builder.package(
            purls.pypi(requirement.name, identity[1] if identity else None),
            requirement.name,
            identity[1] if identity else None,
            source=Source(SourceKind.PATH, path),
            condition=requirement.marker,
            resolved=identity is not None,
        )
        self.builder.edge(self.root, key, scope, path)

    def from_table(self, requirement: pep508.Requirement, table: object, scope: Scope) -> bool:
        """Add a requirement whose origin a table tells (`git`, `path`, `url`); False where the table tells none."""
        if isinstance(table, list):
            taken = [self.from_table(requirement, one, scope) for one in table]
            return any(taken)
        if not isinstance(table, dict):
            return False
        requirement = replace(requirement, marker=requirement.marker or text_of(table.get("marker")))
        if url := direct_url(table):
            self.require(replace(requirement, url=url), scope)
        elif path := text_of(table.get("path")) or text_of(table.get("file")):
            self.local(requirement, path, scope)
        else:
            return False
        return True

    def files(self, names: object, scope: Scope, extra: str = "") -> bool:
        """Read requirements files that a manifest names; False where one of them gave nothing."""
        listed = names if isinstance(names, list) else [names]
        complete = True
        for name in listed:
            path = join(self.folder, name) if isinstance(name, str) else ""
            try:
                before = self.builder.children(self.root)
                requirements.read_into(self.builder, self.tree, path, self.root, scope)
                self.note(extra, scope, self.builder.children(self.root) - before)
            except InputError as error:
                complete = False
                self.problem(_("the named file {path} {reason}").format(path=path, reason=error.message))
            else:
                self.builder.cover(path)
        return complete

    def problem(self, message: str) -> None:
        """Something asked for that could not be told."""
        self.builder.problem(message, code=UNRESOLVED)


def direct_url(table: dict[str, Any]) -> str | None:
    """The direct reference that a table of poetry, uv or pipenv means: `git` with its reference, or `url`."""
    for system in ("git", "hg", "svn", "bzr"):
        if address := text_of(table.get(system)):
            reference = next((found for key in _REFERENCES if (found := text_of(table.get(key)))), None)
            prefix = "" if address.startswith(f"{system}+") else f"{system}+"
            return prefix + address + (f"@{reference}" if reference else "")
    file = text_of(table.get("file")) or ""
    return text_of(table.get("url")) or (file if "://" in file else None)


def extra_of(key: str) -> tuple[Scope, str, str]:
    """Scope, marker and name in a key of setuptools' extras_require: `name`, `name:marker`, or `:marker` alone.

    Without a name it is no extra: the requirement is always wanted where the marker holds.
    """
    name, _colon, marker = key.partition(":")
    return (Scope.OPTIONAL if name.strip() else Scope.RUNTIME), marker.strip(), name.strip()


def license_claims(path: str, said: Iterable[tuple[str, str | None]], classifiers: Iterable[str]) -> list[Claim]:
    """What a manifest says of its own license: texts by field, and the `License ::` classifiers."""
    where = Location(path)
    claims = [Claim(EvidenceKind.DECLARED, name, raw, Origin.PROJECT, where) for name, raw in said if raw]
    for classifier in classifiers:
        if classifier.replace(" ", "").startswith("License::"):
            claims.append(Claim(EvidenceKind.CLASSIFIER, "classifier", classifier, Origin.PROJECT, where))
    return claims
