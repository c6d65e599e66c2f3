"""Statements that only name a file (`{file = "X"}`, `SEE LICENSE IN X`, `see LICENSE.txt`), and which file that is."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from licscan.licenses.names import named_file
from licscan.model import Claim, EvidenceKind

FILE_FIELD = "license.file"
MAX_PATH = 400
_TEXT = re.compile(r"(?i)\.(?:txt|md|rst|html?|rtf|markdown)$")


def pointed(claims: Iterable[Claim]) -> tuple[str, ...]:
    """The files that statements point to, as paths below the package; paths that lead out of it are left out."""
    found = {path for claim in claims if (path := file_of(claim))}
    return tuple(sorted(found))


def file_of(claim: Claim) -> str:
    """The file that one statement points to; empty for one that says something itself."""
    if claim.kind is not EvidenceKind.DECLARED or claim.structured or len(claim.raw) > MAX_PATH:
        return ""
    name = claim.raw.strip() if claim.field == FILE_FIELD else named_file(claim.raw.strip())
    path = posixpath.normpath(name.replace("\\", "/")) if name and "\0" not in name and "://" not in name else ""
    return "" if path in ("", ".") or path.startswith(("/", "../")) or path == ".." else path


def named(path: str, among: Iterable[str]) -> str | None:
    """Which of these paths a pointer means: itself, in any case, with or without the ending of a text.

    In a wheel the file lies below `.dist-info/` or `.dist-info/licenses/`, in an archive maybe below a folder more.
    """
    wanted = path.lower()
    stem = _TEXT.sub("", wanted)
    ranked = []
    for one in among:
        shown = one.lower()
        inner = re.sub(r"^[^/]+\.(?:dist|egg)-info/(?:licen[cs]es/|license_files/)?", "", shown)
        if inner == wanted:
            ranked.append((0, one))
        elif _TEXT.sub("", inner) == stem:
            ranked.append((1, one))
        elif "/" not in wanted and inner.rpartition("/")[2] == wanted and inner != shown:
            ranked.append((2, one))
    return min(ranked)[1] if ranked else None
