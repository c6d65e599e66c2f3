"""What was found inside packages, beside their own work: the facts that the rules on attribution ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PRESENT = "present"
NOT_SEEN = "not-seen"
COPIED = "copied"
"""Among the project's own files, recognised by its code."""


@dataclass(frozen=True, slots=True, order=True)
class Embedded:
    """One library inside a package.

    `paths` are its files there, below the package's place; none where it is linked into another file, or not seen.
    `sbom` and `text` are the paths of the list that names it and of the license text that speaks of it, if any.
    """

    purl: str
    name: str
    present: bool
    paths: tuple[str, ...] = ()
    sbom: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Vendored:
    """Other people's work among a package's files of which no text, list or banner tells whose: a file or a folder."""

    path: str
    name: str
    files: int = 1


@dataclass(frozen=True, slots=True)
class Credits:
    """A page that lists the parts of a program beside a package: its path in the package and in full, whom it names.

    `texts` is how many of the parts have a license text there.
    """

    path: str
    place: str
    names: tuple[str, ...]
    texts: int


@dataclass(frozen=True, slots=True)
class PackageContents:
    """What one package holds beside its own work; `vendored` is only what nothing attributes.

    `holders` are those whom its metadata or its files' headers name, `notice` a copyright line in its texts.
    `credits` lists the parts of a program that it fetched.
    """

    embedded: tuple[Embedded, ...] = ()
    vendored: tuple[Vendored, ...] = ()
    holders: tuple[str, ...] = ()
    notice: str = ""
    credits: Credits | None = None


ContentsByPurl = Mapping[str, PackageContents]
"""By the PackageURL of the package that holds it."""
NOTHING = PackageContents()
