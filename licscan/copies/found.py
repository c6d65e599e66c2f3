"""What recognising a file gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

By = Literal["digest", "anchors", "tokens", "banner"]
Remark = Literal["", "kept", "lost", "other"]


@dataclass(frozen=True, slots=True)
class Copy:
    """One package that a file is, or holds.

    `package` is a PackageURL without version, `versions` are the indexed ones that it may be, `version` is said where a
    banner, a digest or the fingerprints tell it. `share` is how much of the file is the package's file, `contained` how
    much of the package's file is in it, 0 to 1. `lines` are ranges, both ends with; `file` is the one in the package.
    `evidence` counts the fingerprints that were met, each the less, the more packages have it; a digest needs none.
    `remark` is what became of the license comment that the package's file has: `kept`, `lost` (the text has none at
    all), `other` (the text has other ones); empty where the package's file has none, or nobody knows. The same bytes
    keep it.
    `holders` are whom the package's license text names, with years.
    `also` are other packages that hold the same code, `derived` says that this one holds others' code itself.
    """

    package: str
    name: str
    versions: tuple[str, ...]
    version: str | None
    share: float
    contained: float
    lines: tuple[tuple[int, int], ...]
    license: str
    file: str
    by: By
    evidence: float = 0.0
    also: tuple[str, ...] = ()
    derived: bool = False
    remark: Remark = ""
    holders: tuple[str, ...] = ()
