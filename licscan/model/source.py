"""The project's own files, in groups of which the same is to be said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from licscan.model.graph import Location


class SourceGroupKind(StrEnum):
    """Why files among a project's sources are named.

    `foreign-license`: a license other than the project's own; `vendored`: other people's work; `unlicensed`: other
    people's work under terms that nobody knows; `other-holder`: a holder other than the project's, and no license;
    `copied`: the code of a package that no manifest names, recognised by what it does rather than by what it says.
    """

    FOREIGN_LICENSE = "foreign-license"
    VENDORED = "vendored"
    UNLICENSED = "unlicensed"
    OTHER_HOLDER = "other-holder"
    COPIED = "copied"


@dataclass(frozen=True, slots=True, order=True)
class SourceGroup:
    """Source files of which the same is to be said; `path` is the one file, or the folder that holds them all.

    `expression` is SPDX, NOASSERTION for terms that licscan does not know, NONE where nothing says. `beside_own` is
    whether the files name the project's own license too. `name` and `version` are what a banner or a file's name says;
    `license_file` is the text that covers the files. `in_tests` is whether they lie in folders of tests. `rules` are
    those of the LicenseDB that matched; `locations` the first files, with their lines. Of copied code `package` is the
    PackageURL without version, `share` the least part of a file that is the package's, in percent, and `also` are other
    packages that hold the same code; `declared` is the package's license, `stated` what the files themselves, or a text
    beside them, say; `changed` whether that is another one, which the package's own file does not say. `unmarked` is
    the package's file whose license comment the copy has lost.
    """

    path: str
    kind: SourceGroupKind
    expression: str
    files: int
    beside_own: bool = False
    name: str | None = None
    version: str | None = None
    license_file: str | None = None
    in_tests: bool = False
    holders: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    locations: tuple[Location, ...] = ()
    package: str = ""
    share: int = 0
    also: tuple[str, ...] = ()
    declared: str = ""
    stated: str = ""
    changed: bool = False
    unmarked: str = ""

    @property
    def purl(self) -> str:
        """Of copied code the package with its version, where that is known."""
        return f"{self.package}@{quote(self.version, safe='.+-_')}" if self.package and self.version else self.package


@dataclass(frozen=True, slots=True)
class Sources:
    """The project's own files: how many were `read`, how many of them are `own`, and groups of those that are not.

    `own_licenses` and `own_holders` are what they were held against; `by_git` is whether git's index named the files,
    else a walk did. `unread` files could not be read. `compared` is with the code of how many packages they were
    compared; 0 where this machine has no index of code.
    """

    by_git: bool
    read: int
    own: int
    unread: int = 0
    own_licenses: tuple[str, ...] = ()
    own_holders: tuple[str, ...] = ()
    groups: tuple[SourceGroup, ...] = ()
    compared: int = 0
