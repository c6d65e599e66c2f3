"""Chromium's page of credits (`LICENSES.chromium.html`, `chrome://credits`): the parts of a browser with their texts.

Each part is a `div` of the class `product`, with a `title`, perhaps a link `homepage`, and its text in a `pre`. Pure;
the page is taken apart by its marks in one pass, so that a damaged or hostile one costs no more than its length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

FILE_NAME = "LICENSES.chromium.html"
MAX_PAGE = 64 * 1024 * 1024
"""Bytes; those of 2026 have 8 to 20 million."""
MAX_PARTS = 5_000
MAX_NAME = 200

_PRODUCT = re.compile(r"<div[^<>]{0,200}class=[\"']?product[\"'>\s]")
_TITLE = re.compile(r"<span[^<>]{0,200}class=[\"']?title[\"']?[^<>]{0,200}>([^<]{1,500})</span>")
_HOME = re.compile(r"<a[^<>]{0,200}href=[\"'](https?://[^\"'<>\s]{1,500})[\"']")
_TEXT = re.compile(r"<pre[^<>]{0,200}>([^<]*)</pre>")


@dataclass(frozen=True, slots=True, order=True)
class CreditedPart:
    """One part: its name, home page and license text, empty where the page gives none."""

    name: str
    homepage: str = ""
    text: str = ""


def is_credits(path: str) -> bool:
    """Whether a file is such a page, by its name."""
    return path[path.rfind("/") + 1 :].lower() == FILE_NAME.lower()


def read_credits(page: str) -> tuple[CreditedPart, ...]:
    """The parts in the order of the page, each once; none for a page of another layout."""
    import html

    starts = [match.start() for match in _first(page)]
    parts: dict[CreditedPart, None] = {}
    for start, end in zip(starts, [*starts[1:], len(page)], strict=False):
        if (title := _TITLE.search(page, start, min(end, start + 2_000))) is None:
            continue
        home = _HOME.search(page, title.end(), min(end, title.end() + 2_000))
        text = _TEXT.search(page, title.end(), end)
        name = " ".join(html.unescape(title[1]).split())[:MAX_NAME]
        parts[CreditedPart(name, home[1] if home else "", html.unescape(text[1]).strip() if text else "")] = None
    return tuple(part for part in parts if part.name)


def _first(page: str) -> list[re.Match[str]]:
    """The marks of the first parts."""
    found = []
    for match in _PRODUCT.finditer(page):
        found.append(match)
        if len(found) == MAX_PARTS:
            break
    return found
