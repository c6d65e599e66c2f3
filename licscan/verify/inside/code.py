"""What scripts and style sheets say themselves: banners, bundlers' comments before each module, comments to keep."""

from __future__ import annotations

import re
from collections.abc import Iterator

from licscan.verify.paths import PackagePath, package_of

MAX_COMMENT = 2_000_000
_MODULE = re.compile(
    r"(?:^[ \t]*//[ \t]*|!\*\*\*[ \t]+|/\*[ \t]*|^[ \t]*[\"']|sourceURL=)"
    r"([^\s\"'*]{0,300}node_modules/[^\s\"'*\\]{1,300})",
    re.MULTILINE,
)
_TELLS = re.compile(r"(?i)licen[cs]e|copyright|\(c\)|©|permission|redistribut|^!", re.MULTILINE)
_BANNER = re.compile(
    r"^[\s*!]*(?:@(?:license|preserve|module|name)\s+)?(?P<name>@?[A-Za-z][\w.@/-]{1,80}?)(?:\.min)?(?:\.js)?"
    r"(?:\s+(?:JavaScript\s+Library\s+)?|@|\s*[-–—:|,]\s*)\(?v?(?:ersion:?\s+)?(?P<version>\d+\.\d+(?:\.\d+)?(?:-[\w.]+)?)\b"
)
_NAMED = re.compile(
    r"^[\s*!]*@license\s+(?P<name>@?[A-Za-z][\w.@/-]{1,80}?)(?:\.min)?(?:\.js)?\s*(?:$|[|,*\n-])", re.MULTILINE
)
_LINES = re.compile(r"(?:^[ \t]*//[^\n]{0,2000}\n?){2,}", re.MULTILINE)


def modules_of(code: str) -> Iterator[PackagePath]:
    """The packages that bundlers name in the comments and keys before each module."""
    if "node_modules/" not in code:
        return
    for found in _MODULE.finditer(code):
        named = package_of(found[1])
        if named:
            yield named


def comments_of(code: str) -> Iterator[tuple[int, str]]:
    """The comments that speak of rights, with their places; blocks, and lines that follow each other.

    In a minified file `/*` can stand in a text too; then what follows is taken for a comment, which does no harm, since
    only words of notices are looked for in it.
    """
    at = code.find("/*")
    while at >= 0:
        end = code.find("*/", at + 2)
        if end < 0:
            break
        comment = code[at + 2 : min(end, at + MAX_COMMENT)]
        if _TELLS.search(comment):
            yield at, comment
        at = code.find("/*", end + 2)
    for found in _LINES.finditer(code):
        if _TELLS.search(found[0]):
            yield found.start(), found[0]


def banner_of(comment: str) -> tuple[str, str] | None:
    """The name and version that a banner gives; None for what is none. The version is empty after a bare @license."""
    head = comment[:300]
    found = _BANNER.match(head)
    if found:
        return found["name"], found["version"]
    named = _NAMED.match(head)
    return (named["name"], "") if named else None


def is_minified(code: str) -> bool:
    """Whether lines are so long that no person wrote them."""
    if len(code) < 500:
        return False
    longest = max(map(len, code.split("\n", 2_000)))
    return longest > 1_000 or len(code) > 300 * (code.count("\n") + 1)
