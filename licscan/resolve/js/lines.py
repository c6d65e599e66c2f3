"""Line numbers of entries in a JSON text, without a parser that keeps positions."""

from __future__ import annotations

import re

_MAX_INDENT = 16


def section_lines(text: str, section: str) -> dict[str, int]:
    """The lines of the entries of one top-level table, by key, where each entry starts on a line of its own.

    Empty for a minified file. One pass; keys are compared as they are written (no escapes).
    """
    head = re.search(
        rf'^([ \t]{{1,{_MAX_INDENT}}})"{re.escape(section)}"[ \t]*:[ \t]*\{{[ \t]*\r?$', text, re.MULTILINE
    )
    if not head:
        return {}
    indent = head[1]
    end = re.compile(rf"^{indent}\}}", re.MULTILINE).search(text, head.end())
    entry = re.compile(rf'^{indent * 2}"([^"\\\n]*)"[ \t]*:', re.MULTILINE)
    return _numbered(text, entry, head.end(), end.start() if end else len(text))


def pair_lines(text: str) -> dict[str, int]:
    """The lines of `"name": "text"` pairs, by the pair as `name: text`; of equal ones the first."""
    pairs = re.compile(r'"([^"\\\n]*)"[ \t]*:[ \t]*"([^"\\\n]*)"')
    found: dict[str, int] = {}
    line, before = 1, 0
    for match in pairs.finditer(text):
        line += text.count("\n", before, match.start())
        before = match.start()
        found.setdefault(f"{match[1]}: {match[2]}", line)
    return found


def nested_lines(text: str) -> dict[str, int]:
    """The lines of the entries of package-lock's first version, by their place (`node_modules/a/node_modules/b`)."""
    head = re.search(rf'^([ \t]{{1,{_MAX_INDENT}}})"dependencies"[ \t]*:[ \t]*\{{[ \t]*\r?$', text, re.MULTILINE)
    if not head:
        return {}
    unit = len(head[1])
    entry = re.compile(r'^([ \t]+)"([^"\\\n]*)"[ \t]*:[ \t]*\{', re.MULTILINE)
    found: dict[str, int] = {}
    holders = [""]
    line, before = 1, 0
    for match in entry.finditer(text, head.end()):
        line += text.count("\n", before, match.start())
        before = match.start()
        level, odd = divmod(len(match[1]), 2 * unit)
        # packages stand at every second level; between them are `requires` and `dependencies`
        if odd or not 1 <= level <= len(holders):
            continue
        del holders[level:]
        place = f"{holders[-1]}/node_modules/{match[2]}" if holders[-1] else f"node_modules/{match[2]}"
        found[place] = line
        holders.append(place)
    return found


def _numbered(text: str, entry: re.Pattern[str], start: int, end: int) -> dict[str, int]:
    found: dict[str, int] = {}
    line, before = 1, 0
    for match in entry.finditer(text, start, end):
        line += text.count("\n", before, match.start())
        before = match.start()
        found[match[1]] = line
    return found
