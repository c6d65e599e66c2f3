"""The comments of a text that state a license or a copyright: whether it has any, and in which words."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from itertools import islice

from licscan.copies.prints import Language

HEAD = 16_384
"""Bytes at the beginning in which the first comments lie."""
MAX_LOOKED = 4 * 1024 * 1024
MAX_COMMENT = 8_192
MOST = 40
_SKIPPED = re.compile(rb"(?:\xef\xbb\xbf)?(?:[\s;]|#![^\n]*|'use strict'|\"use strict\")*")
_LINES = re.compile(rb"(?:[ \t]*//[^\n]*(?:\n|$))+")
_HASHES = re.compile(rb"(?:[ \t]*#[^\n]*(?:\n|$))+")
_STATES = re.compile(rb"(?i)copyright|licen[sc]ed?\b|\(c\)|\xc2\xa9|spdx-")
_KEPT = (b"/*!", b"@license", b"@preserve")
_WORD = re.compile(rb"[A-Za-z]{2,}")
_QUOTES = (b'"""', b"'''")


def license_remarks(data: bytes, language: Language) -> frozenset[int]:
    """The license and copyright comments of a text, each as a number; none where there is no such comment.

    Those before its first code count, and those that minifiers keep. A number stands for the words alone, so that
    years, versions, line ends and stars make no difference.
    """
    found = [one for one in _leading(data[:HEAD], language) if _STATES.search(one)]
    if language is Language.JAVASCRIPT:
        found += [one for one in _kept(data) if _STATES.search(one)]
    return frozenset(_number(one) for one in found[:MOST])


def first_remark(data: bytes, language: Language) -> int:
    """The number of the first of them, 0 for none."""
    found = next((one for one in _leading(data[:HEAD], language) if _STATES.search(one)), None)
    if found is None and language is Language.JAVASCRIPT:
        found = next((one for one in _kept(data) if _STATES.search(one)), None)
    return 0 if found is None else _number(found)


def leading_lines(data: bytes, language: Language) -> int:
    """How many lines the comments before the first code take, blank ones between them too."""
    end = sum(len(one) for one in _pieces(data[:HEAD], language))
    return data.count(b"\n", 0, end) + (not data[:end].endswith(b"\n")) if end else 0


def _number(comment: bytes) -> int:
    return zlib.crc32(b" ".join(_WORD.findall(comment[:MAX_COMMENT])).lower()) or 1


def _leading(data: bytes, language: Language) -> Iterator[bytes]:
    """The comments before the first code; a module's docstring is one."""
    return islice(_pieces(data, language), 1, None, 2)


def _pieces(data: bytes, language: Language) -> Iterator[bytes]:
    """What stands before the first code: in turn what lies between comments, and a comment."""
    python = language is Language.PYTHON
    at = 0
    for _number in range(MOST):
        match = _SKIPPED.match(data, at)
        start = at
        at = match.end() if match else at
        if python and data[at : at + 3] in _QUOTES:
            end = data.find(data[at : at + 3], at + 3)
            end = len(data) if end < 0 else end + 3
        elif not python and data.startswith(b"/*", at):
            end = data.find(b"*/", at + 2)
            end = len(data) if end < 0 else end + 2
        else:
            line = (_HASHES if python else _LINES).match(data, at)
            if line is None:
                return
            end = line.end()
        yield data[start:at]
        yield data[at:end]
        at = end


def _kept(data: bytes) -> Iterator[bytes]:
    """The comments that minifiers keep, wherever they stand, in order of their marks."""
    for word in _KEPT:
        at, count = data.find(word, 0, MAX_LOOKED), 0
        while at >= 0 and count < MOST:
            start = data.rfind(b"/*", max(0, at - MAX_COMMENT), at + 2)
            end = data.find(b"*/", at, at + MAX_COMMENT)
            if start >= 0 and (end >= 0 or word == b"/*!"):
                yield data[start : end if end >= 0 else at + MAX_COMMENT]
            at, count = data.find(word, max(at + 1, end), MAX_LOOKED), count + 1
