"""The parts of a code file that say whose work it is: what `packages.marks` finds in the file, it finds in these.

An excerpt is the length of its head in a line of its own, the head, and comments from further on. The head is the very
beginning of the file, as far as its first marks go.
"""

from __future__ import annotations

from licscan.packages.marks import BANNER, BANNER_HEAD, KEPT, STATEMENT, STATEMENT_HEAD

MAX_COMMENT = 2 * 1024
MAX_COMMENTS = 16 * 1024
_SAMPLE = 64
"""Bytes of a file without marks: enough to say that it is not empty."""


def head_of(data: bytes) -> bytes | None:
    """The head of a source as far as its first copyright statement goes; None where it has none.

    `data` are the first STATEMENT_HEAD bytes of the file.
    """
    head = data[:STATEMENT_HEAD]
    text = head.decode("utf-8", "replace")
    match = STATEMENT.search(text)
    if match is None:
        return None
    return _to_line_end(head, text.count("\n", 0, match.end()))


def banner_of(data: bytes) -> bytes:
    """The excerpt of a file of others' code, whole in `data`: its head to the first marks, then the kept comments."""
    if not data.strip():
        return join(b"", b"")
    head = head_of(data) or b""
    if match := BANNER.search(data[:BANNER_HEAD]):
        banner = _to_line_end(data[:BANNER_HEAD], data.count(b"\n", 0, match.end()))
        head = max(banner, head, key=len)
    elif not head:
        # nothing says whose it is; what is behind a head of blanks must not seem to stand in it
        head = data[:BANNER_HEAD].strip()[:_SAMPLE] or b"."
    return join(head, _comments(data, len(head) if data.startswith(head) else 0))


def _to_line_end(head: bytes, lines: int) -> bytes:
    """The head with so many lines before its last one, and what follows in the comment where that stands."""
    end = -1
    for _line in range(lines + 1):
        end = head.find(b"\n", end + 1)
        if end < 0:
            return head
    close = head.find(b"*/", end)
    opened = head.find(b"/*", end)
    return head[: close + 2] if close >= 0 and not 0 <= opened < close else head[: end + 1]


def _comments(data: bytes, place: int) -> bytes:
    """The comments that minifiers keep from a place on, each from its mark on, cut to a length."""
    found: list[bytes] = []
    size = 0
    while size < MAX_COMMENTS and (match := KEPT.search(data, place)):
        close = data.find(b"*/", match.end(), match.end() + MAX_COMMENT)
        end = close + 2 if close >= 0 else min(match.end() + MAX_COMMENT, len(data))
        # what cannot be a comment of its own ends with its line
        if close < 0 and (line := data.find(b"\n", match.end(), end)) >= 0:
            end = line
        found.append(data[match.start() : end])
        size += end - match.start()
        place = end
    return b"\n".join(found)


def join(head: bytes, rest: bytes) -> bytes:
    """Both parts as one blob."""
    return b"%d\n%b%b" % (len(head), head, rest)


def split(blob: bytes) -> tuple[bytes, bytes]:
    """The parts of an excerpt. ValueError for what is none."""
    length, line, said = blob.partition(b"\n")
    if not line or not length.isdigit() or len(length) > 9 or int(length) > len(said):
        raise ValueError("no excerpt")
    return said[: int(length)], said[int(length) :]
