"""conda's environment.yml: what is asked for, with pip's part.

`==` and a version with its build string (`numpy=1.26.4=py312h1`) count as pinned; a single `=` is a prefix.
"""

from __future__ import annotations

import re

from licscan.base.load import load_yaml
from licscan.base.messages import _
from licscan.base.shape import table_of
from licscan.base.tree import Tree, folder_of
from licscan.model import Scope, Source, SourceKind
from licscan.resolve import roles
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.python import requirements
from licscan.resolve.python.conda_packages import add_conda, archive_of, conda_purl
from licscan.resolve.python.identity import identify_above

MAX_LENGTH = 500
"""Longer than any real specification; its pattern is not linear."""

_SPEC = re.compile(
    r"(?:(?P<channel>[^\s:\[]+?)(?:/(?P<subdir>[a-z0-9]+-[a-z0-9_]+|noarch))?::)?"
    r"(?P<name>[A-Za-z0-9_][A-Za-z0-9._-]*)\s*(?P<rest>[^\[]*?)\s*(?P<brackets>\[.*\])?"
)
_BRACKET = re.compile(r"(version|build|channel|subdir)\s*=\s*(?:'([^']*)'|\"([^\"]*)\"|([^,\]'\"]*))")
_VERSION = re.compile(r"[A-Za-z0-9_.!+-]+")
_PINNED = re.compile(r"={1,3}\s*([^=\s*,|<>!~]+)(?:\s*=\s*|\s+)([^=\s*]+)|={2,3}\s*([^=\s*,|<>!~]+)")
_EXACT = re.compile(r"[0-9][A-Za-z0-9_.!+-]*")
_SPACED = re.compile(r"([0-9][^=\s*,|<>!~]*)\s+([^=\s*]+)")


def parse(tree: Tree, path: str) -> Parsed:
    """Everything that an environment asks for."""
    documents = load_yaml(tree.read_text(path), path)
    if not documents:
        return Builder(path).build()
    top = table_of(documents[0], path)
    builder = Builder(path)
    identity = identify_above(tree, folder_of(path))
    root = builder.project("pypi", identity.name, identity.version, manifest=path)
    scope = roles.scope_of(path)
    pip: list[str] = []
    for index, item in enumerate(top.get("dependencies", list) or ()):
        if isinstance(item, dict) and isinstance(item.get("pip"), list):
            pip += [str(entry) for entry in item["pip"] if isinstance(entry, (str, int, float))]
        elif item is not None:
            builder.seen += 1
            builder.understood += _add(builder, root, item, scope, f"dependencies[{index}]")
    # each entry is one line of a requirements file
    text = "\n".join(" ".join(entry.split()) for entry in pip)
    requirements.read_text_into(builder, tree, text, root, scope)
    return builder.build()


def _add(builder: Builder, root: str, item: object, scope: Scope, place: str) -> bool:
    spec = " ".join(item.split()) if isinstance(item, str) else ""
    if spec and (archive := archive_of(spec)):
        key = add_conda(builder, archive.name, archive.version, spec)
        builder.edge(root, key, scope, spec)
        return True
    found = _SPEC.fullmatch(spec) if len(spec) <= MAX_LENGTH else None
    if found is None:
        shown = requirements.shown(spec) if spec else type(item).__name__
        builder.problem(
            _("{place}: is not a conda requirement: {text}").format(place=place, text=shown),
            code="dependency-unresolved",
        )
        return False
    brackets = {key: a or b or c for key, a, b, c in _BRACKET.findall(found["brackets"] or "")}
    rest = found["rest"] or brackets.get("version", "")
    version, build = _pin(rest)
    # inside brackets a bare version is that version, not a prefix
    if not found["rest"] and _EXACT.fullmatch(rest):
        version = rest
    channel = found["channel"] or brackets.get("channel")
    if channel and "://" in channel:
        channel = channel.rstrip("/").rpartition("/")[2]
    build = build or brackets.get("build")
    subdir = found["subdir"] or brackets.get("subdir")
    key = builder.package(
        conda_purl(found["name"], version, build if version else None, channel, subdir),
        found["name"],
        version,
        source=Source(SourceKind.REGISTRY),
        resolved=version is not None,
    )
    builder.edge(root, key, scope, rest or None)
    return True


def _pin(rest: str) -> tuple[str | None, str | None]:
    """The one version that a specification allows, and its build string."""
    found = _PINNED.fullmatch(rest) or _SPACED.fullmatch(rest)
    if found is None:
        return None, None
    version = found[1] or found[3]
    build = found[2] if found[1] else None
    return (version, build) if _VERSION.fullmatch(version) else (None, None)
