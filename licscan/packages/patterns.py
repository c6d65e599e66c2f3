"""How a user names packages: `pkg:npm/left`, `pkg:npm/@scope/*`, `pkg:pypi/left@>=1,<2`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import unquote

from licscan.base.messages import _
from licscan.model import Component
from licscan.packages.purls import normalize_pypi_name

MAX_LENGTH = 500
_RANGE_OF_NPM = re.compile(r"[-+0-9A-Za-z.*^~<>=| ]+")


@dataclass(frozen=True, slots=True, order=True)
class PackagePattern:
    """Packages by ecosystem, name and versions; name and ecosystem may hold `*`.

    `versions` is empty for all, else a range as the ecosystem writes it (a comma means "and" everywhere), or one
    version. A PackageURL with qualifiers (`?`) stands for itself alone.
    """

    text: str
    ecosystem: str
    name: str
    versions: str = ""

    def matches(self, component: Component) -> bool:
        """Whether the component is one of the packages; one without a version is only matched by all versions."""
        if "?" in self.text:
            return component.purl == self.text
        kind = component.purl.removeprefix("pkg:").partition("/")[0]
        if not fnmatchcase(kind, self.ecosystem) or not fnmatchcase(_name(kind, component.name), self.name):
            return False
        return not self.versions or (component.version is not None and _within(kind, component.version, self.versions))

    @property
    def is_everything(self) -> bool:
        """Whether the name leaves every package of an ecosystem in."""
        return not self.name.strip("*?/@")

    def __str__(self) -> str:
        return self.text


def read_pattern(text: str) -> PackagePattern:
    """The pattern that a text stands for. ValueError with the reason and an example where it is none."""
    kind, slash, rest = text.removeprefix("pkg:").partition("/")
    if not text.startswith("pkg:") or not slash or not kind or not rest or len(text) > MAX_LENGTH:
        raise ValueError(_("should be a package such as pkg:npm/left, pkg:npm/@scope/* or pkg:pypi/left@>=1,<2"))
    rest = unquote(rest.partition("?")[0])
    at = rest.find("@", 1)
    if at > 0 and rest[at - 1] == "/":
        raise ValueError(_("has an @ without a version"))
    name, versions = (rest, "") if at < 0 else (rest[:at], rest[at + 1 :].strip())
    if at > 0 and not versions:
        raise ValueError(_("ends where a version should follow the @"))
    if versions == "*":
        versions = ""
    _check_range(kind, versions)
    return PackagePattern(text, kind, _name(kind, name), versions)


def _name(kind: str, name: str) -> str:
    return normalize_pypi_name(name) if kind == "pypi" else name


def _check_range(kind: str, versions: str) -> None:
    if kind == "pypi" and versions:
        from packaging.specifiers import SpecifierSet

        try:
            SpecifierSet(_pypi_range(versions))
        except ValueError as error:
            raise ValueError(
                _("has a version range that Python does not know: {range}").format(range=versions)
            ) from error
    elif kind == "npm" and versions:
        import nodesemver

        wanted = versions.replace(",", " ")
        try:
            known = _RANGE_OF_NPM.fullmatch(wanted) and nodesemver.valid_range(wanted, loose=True) is not None
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
            known = False
        if not known:
            raise ValueError(_("has a version range that npm does not know: {range}").format(range=versions))
    elif versions[:1] in ("<", ">", "=", "~", "^", "!"):
        raise ValueError(_("has a version range; licscan supports only those of pkg:pypi and pkg:npm"))


def _pypi_range(versions: str) -> str:
    return versions if versions[0] in "<>=~!" else f"=={versions}"


def _within(kind: str, version: str, versions: str) -> bool:
    if kind == "pypi":
        return _within_pypi(version, _pypi_range(versions))
    if kind == "npm":
        import nodesemver

        try:
            return bool(nodesemver.satisfies(version, versions.replace(",", " "), loose=True, include_prerelease=True))
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
            return False
    return fnmatchcase(version, versions)


def _within_pypi(version: str, versions: str) -> bool:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    try:
        return SpecifierSet(versions, prereleases=True).contains(Version(version))
    except ValueError:  # no version, or one with more digits than Python takes for a number
        return versions == f"=={version}"
