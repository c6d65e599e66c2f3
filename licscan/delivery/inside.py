"""Whether what is seen inside an artifact is in the SBOM and in the notices of its delivery."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from licscan.artifact import open_artifact
from licscan.base.messages import _
from licscan.delivery.documents import NOTICES, Documents, name_in
from licscan.delivery.fits import own_of, silent_of
from licscan.delivery.records import Check, said
from licscan.packages.purls import normalize_pypi_name
from licscan.sbom.model import Bom, BomComponent
from licscan.verify.inside import EvidenceSources, inspect_artifact
from licscan.verify.records import Sighting, Sure

MOST = 2_000
_ECOSYSTEMS = ("npm", "pypi")
_ZEROS = re.compile(r"(?<=\d)(?:\.0){1,20}$")


def inside(path: Path, told: Documents) -> list[Check]:
    """What the artifact holds beyond its documents, and what of it cannot be told. InputError where it cannot be
    opened."""
    with open_artifact(path) as artifact:
        contents = inspect_artifact(artifact.files, EvidenceSources())
        name = artifact.name
        if not told.sboms:
            return []
        index = _Index(next(iter(told.sboms.values())), told)
        found = [check for sign in contents.seen for check in index.held_against(sign, name)]
        problems = [*artifact.problems, *contents.problems]
        found += [said("artifact-unclear", path=name, file=one.file, reason=one.reason) for one in contents.unknown]
        found += [
            said("artifact-unclear", path=name, file=one.subject.removeprefix(f"{name}: "), reason=one.message)
            for one in problems
        ]
    if not index.seen:
        found.append(said("inside-nothing", path=name))
    if not found:
        return [said("inside-ok", path=name, count=len(index.seen))]
    return list(dict.fromkeys(found))[:MOST]


class _Index:
    """The components of an SBOM by ecosystem and name, and what the notices say of them."""

    def __init__(self, bom: Bom, told: Documents):
        self.seen: set[str] = set()
        self._named: dict[tuple[str, str], dict[str, str]] = {}
        for one in bom.components:
            kind, name = _identity(one)
            self._named.setdefault((kind, name), {})[_version(kind, one.version)] = name_in(one)
        named = {str(one.get("purl", "")).partition("?")[0] for one in told.rows(NOTICES, "components")}
        self._answered = named | silent_of(told) | own_of(told)

    def held_against(self, sign: Sighting, artifact: str) -> Iterator[Check]:
        """What is wrong with one sign."""
        versions = self._versions(sign)
        label = f"{sign.name} {sign.version}".strip()
        if versions is None:
            code = "artifact-beyond-sbom" if sign.sure is Sure.CERTAIN else "artifact-perhaps-beyond-sbom"
            yield said(code, path=artifact, name=label, file=sign.file)
            return
        version = _version(sign.ecosystem, sign.version)
        if version and version not in versions and sign.sure is Sure.CERTAIN:
            known = _(", ").join(sorted(filter(None, versions)))
            code = "artifact-version-unknown" if "" in versions else "artifact-other-version"
            yield said(code, path=artifact, name=label, expected=known, file=sign.file)
            return
        names = [versions[version]] if version in versions else sorted(versions.values())
        self.seen.add(names[0])
        if not any(name in self._answered for name in names):
            yield said("artifact-beyond-notices", path=artifact, name=label, file=sign.file)

    def _versions(self, sign: Sighting) -> dict[str, str] | None:
        if sign.ecosystem:
            return self._named.get((sign.ecosystem, _key(sign.ecosystem, sign.name)))
        name = sign.name.lower()
        for form in (name, name.removesuffix(".js"), f"{name}.js", name.replace(" ", "-")):
            for ecosystem in _ECOSYSTEMS:
                if (ecosystem, form) in self._named:
                    return self._named[ecosystem, form]
        return None


def _identity(one: BomComponent) -> tuple[str, str]:
    """Ecosystem and name, from the PackageURL where there is one."""
    if not one.purl.startswith("pkg:"):
        return "", one.name.lower()
    kind, _slash, rest = one.purl.removeprefix("pkg:").partition("/")
    path = rest.partition("?")[0].partition("#")[0]
    at = path.rfind("@")
    return kind.lower(), _key(kind.lower(), unquote(path[:at] if at > 0 else path))


def _version(ecosystem: str, version: str) -> str:
    """A version by which others are compared: in Python 1.0 is 1.0.0 (PEP 440)."""
    return _ZEROS.sub("", version.lower()) if ecosystem == "pypi" else version


def _key(ecosystem: str, name: str) -> str:
    return normalize_pypi_name(name) if ecosystem == "pypi" else name.lower()
