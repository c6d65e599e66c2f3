"""What a source file says of itself in its comments: licenses, holders, and the name of the work that it is from."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from licscan.base.messages import _
from licscan.detect.decoding import decode
from licscan.detect.grouping import telling
from licscan.detect.types import Detected, LicenseMatch, Matcher, MatchKind
from licscan.licenses.licensedb import to_spdx
from licscan.read.evidence import SURE, is_nameless
from licscan.read.statements import set_aside
from licscan.read.workers import Detector
from licscan.source.comments import Comments, comments_of, holder_of, name_and_version

MAX_SAID = 200
_FIRM = (MatchKind.TEXT, MatchKind.NOTICE)
_IDLE = (MatchKind.CLUE, MatchKind.INTRO, MatchKind.UNKNOWN)
_TERMS = frozenset({"unknown", "other-permissive", "other-copyleft", "free-unknown-package"})
"""Keys for terms that are there and are none that is known."""


@dataclass(frozen=True, slots=True)
class HeaderLicense:
    """One license that a file names: an SPDX expression, its lines, the rule that matched, and how it is said.

    `how` is `spdx` (a tag), `text`, `notice`, `tag` or `reference`; all but the last two are firm. `score` is that of
    the match, 0 to 100.
    """

    expression: str
    start: int
    end: int
    rule: str
    how: str
    score: float = 100.0

    @property
    def is_firm(self) -> bool:
        """Whether it is more than a name."""
        return self.how in ("spdx", "text", "notice")


@dataclass(frozen=True, slots=True)
class Header:
    """All that a file says of itself; `holders` are names with their lines, `name` and `version` from a banner.

    `refers` is whether it sends the reader to another file for its license; `unknown` is the first line of terms that
    are none that is known.
    """

    said: tuple[HeaderLicense, ...] = ()
    holders: tuple[tuple[str, int], ...] = ()
    name: str | None = None
    version: str | None = None
    refers: bool = False
    unknown: int | None = None


NOTHING = Header()


def find_header(detector: Detector, data: bytes) -> Header | str:
    """What one file says of itself; a sentence where detection failed, which must not take the scan with it."""
    try:
        detected = detector.detect(data)
        if not detected.matches and not detected.copyrights and not _may_have_banner(data):
            return NOTHING
        return header_of(decode(data) or "", detected)
    except Exception as error:
        return _failed(error)


def find_text(detector: Detector, data: bytes) -> Header | str:
    """What a license text holds, wherever it stands; a sentence where detection failed."""
    try:
        detected = detector.detect(data)
        aside = set_aside(decode(data) or "", detected.copyrights)
    except Exception as error:
        return _failed(error)
    every = [match for match in telling(detected.matches) if match.kind not in _IDLE]
    holders = {
        one.holder[:200]: one.start_line
        for one in reversed(detected.copyrights)
        if one.holder and not one.template and one.start_line not in aside
    }
    return Header(
        said=tuple(dict.fromkeys(one for match in every if (one := _one(match)) is not None))[:MAX_SAID],
        holders=tuple(sorted(holders.items(), key=lambda pair: (pair[1], pair[0])))[:MAX_SAID],
    )


def _failed(error: Exception) -> str:
    return _("licscan failed with {error} on this text; please report it").format(error=type(error).__name__)


def _may_have_banner(data: bytes) -> bool:
    return b"/*!" in data or b"@license" in data or b"@preserve" in data


def header_of(text: str, detected: Detected) -> Header:
    """The statements that stand in comments; deeper in a file than its header only those that are firm count."""
    comments = comments_of(text.replace("\r\n", "\n").replace("\r", "\n"))
    inside = [match for match in detected.matches if comments.holds(match.start_line, match.text)]
    said = tuple(dict.fromkeys(_said(inside, comments)))[:MAX_SAID]
    holders = {
        one.holder: one.start_line
        for one in reversed(detected.copyrights)
        if one.holder and not one.template and comments.holds(one.start_line, one.statement)
    }
    for first, _last, body in comments.banners[:MAX_SAID] if not holders else ():
        if holder := holder_of(body):
            holders.setdefault(holder, first)
    name, version = _named(comments)
    return Header(
        said=said,
        holders=tuple(sorted(((holder[:200], line) for holder, line in holders.items()), key=lambda pair: pair[1])),
        name=name,
        version=version,
        refers=any(_refers(match) for match in inside if match.start_line <= comments.header_end),
        unknown=next((m.start_line for m in inside if _is_unknown(m) and _counts(m, comments)), None),
    )


def _named(comments: Comments) -> tuple[str | None, str | None]:
    """The work that the banners name; none where they name several, as in a bundle."""
    found = {told for _first, _last, body in comments.banners[:MAX_SAID] if (told := name_and_version(body))[1]}
    return found.pop() if len(found) == 1 else (None, None)


def _said(matches: list[LicenseMatch], comments: Comments) -> Iterator[HeaderLicense]:
    for match in sorted(telling(matches), key=lambda one: (one.start_line, one.end_line, one.rule)):
        one = _one(match) if match.kind not in _IDLE and _counts(match, comments) else None
        if one is not None:
            yield one


def _one(match: LicenseMatch) -> HeaderLicense | None:
    expression = to_spdx(match.expression)
    if not expression or is_nameless(expression):
        return None
    how = "spdx" if match.matcher is Matcher.SPDX else match.kind.value
    return HeaderLicense(expression, match.start_line, match.end_line, match.rule, how, match.score)


def _counts(match: LicenseMatch, comments: Comments) -> bool:
    if match.start_line <= comments.header_end and match.start_line not in comments.long_lines:
        return True
    firm = match.kind in _FIRM and match.score >= SURE
    return firm or match.matcher is Matcher.SPDX or comments.in_banner(match.start_line, match.text)


def _refers(match: LicenseMatch) -> bool:
    return "unknown-license-reference" in match.expression and match.kind is not MatchKind.INTRO


def _is_unknown(match: LicenseMatch) -> bool:
    if match.matcher is Matcher.SPDX:
        return is_nameless(to_spdx(match.expression) or "unknown")
    return match.kind is MatchKind.UNKNOWN or (match.kind in _FIRM and match.expression in _TERMS)


def dump(header: Header) -> bytes:
    """A header as compressed JSON; empty for one that says nothing."""
    if header == NOTHING:
        return b""
    said = [[s.expression, s.start, s.end, s.rule, s.how, s.score] for s in header.said]
    every = [said, header.holders, header.name, header.version, header.refers, header.unknown]
    return zlib.compress(json.dumps(every, separators=(",", ":")).encode(), 1)


def load(data: Any) -> Header | None:
    """A header that was kept; None where it is damaged."""
    if data == b"":
        return NOTHING
    try:
        said, holders, name, version, refers, unknown = json.loads(zlib.decompress(data))
        named = tuple((str(holder), int(line)) for holder, line in holders)
        return Header(tuple(HeaderLicense(*one) for one in said), named, name, version, bool(refers), unknown)
    except (ValueError, TypeError, zlib.error):
        return None
