"""What a text is in its package: its own license, a part's, a notice, a readme. Paths only, never contents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from licscan.model import EvidenceKind, PackageFiles
from licscan.packages.credits import is_credits

MAX_TEXTS = 200
"""Texts of one package that are read; the rest is a problem."""


class Role(IntEnum):
    """In the order in which texts are read."""

    LICENSE = 0
    NOTICE = 1
    PART = 2
    README = 3


KIND_OF = {
    Role.LICENSE: EvidenceKind.FILE,
    Role.NOTICE: EvidenceKind.NOTICE,
    Role.PART: EvidenceKind.PART,
    Role.README: EvidenceKind.README,
}


@dataclass(frozen=True, slots=True, order=True)
class TextToRead:
    """One text of a package, by its path below the place of its files."""

    role: Role
    path: str


_METADATA = re.compile(r"^[^/]+\.(?:dist|egg)-info/(?:licen[cs]es/|license_files/)?(?=[^/]+$)")
_GATHERED = re.compile(r"(?i)^(?:licen[cs]es|license_files)/(?=[^/]+$)")
"""Folders at the root in which a project keeps its own licenses (REUSE's `LICENSES`)."""
_DEEPER = re.compile(r"^[^/]+\.dist-info/licenses/")
"""Where a wheel keeps the files that its License-File fields name, in the folders in which they stood (PEP 639)."""
_FOREIGN = re.compile(
    r"(?i)third.?part|3rd.?part|vendor|bundled?|external|fonts?(?![a-z])|dependenc|acknowledg|\.(?:js|css|mjs|cjs)\."
)
"""Names of lists of other people's licenses (`ThirdPartyNotices.txt`, `LICENSE-3RD-PARTY`, `main.js.LICENSE.txt`)."""


def texts_to_read(files: PackageFiles) -> list[TextToRead]:
    """The texts of one place with what they are, in the order in which they are to be read."""
    # a page of credits lists the parts of a program: it is read as that (inside/credits.py)
    licenses = [path for path in files.license_files if not is_credits(path)]
    own = frozenset(files.named)
    found = [TextToRead(Role.LICENSE if path in own else _role_of(path), path) for path in licenses]
    found += [
        TextToRead(Role.NOTICE if _is_top(path) else Role.PART, path) for path in files.notice_files if path not in own
    ]
    if not any(text.role is Role.LICENSE for text in found):
        found = _promoted(found)
    found += [TextToRead(Role.README, path) for path in files.readme_files if "/" not in path]
    return sorted(found)


def _role_of(path: str) -> Role:
    if not _is_top(path) or _FOREIGN.search(path[path.rfind("/") + 1 :]):
        return Role.PART
    return Role.LICENSE


def _is_top(path: str) -> bool:
    """Whether a text stands where a package's own license stands: at the root, or in a wheel's metadata."""
    return "/" not in path or _METADATA.match(path) is not None


def _promoted(found: list[TextToRead]) -> list[TextToRead]:
    """Without a license at the top: one that all files of the package share a folder with, or a folder of licenses,
    or what a wheel's metadata name."""
    gathered = {text for text in found if _GATHERED.match(text.path)}
    gathered |= {text for text in found if _DEEPER.match(text.path) and not _FOREIGN.search(text.path)}
    if not gathered:
        tops = {text.path.split("/")[0] for text in found if "/" in text.path}
        second = {text for text in found if text.path.count("/") == 1 and not _FOREIGN.search(text.path)}
        gathered = second if len(tops) == 1 else set()
    own = {text for text in gathered if text.role is Role.PART and "otice" not in text.path}
    return [TextToRead(Role.LICENSE, text.path) if text in own else text for text in found]
