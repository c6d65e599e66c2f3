"""Marks of Content Credentials that are verified, where the extra `c2pa` is installed; else they are there, no more."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from licscan.base.messages import _, ngettext
from licscan.content.reading import ReadFile, open_below
from licscan.content.validating import MAX_SIZE, can_validate, validated
from licscan.model import Problem
from licscan.model.media import AiMark, MarkKind, MediaFacts

_MEDIA_TYPES: Mapping[str, str] = {
    "png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp", "avif": "image/avif",
    "heif": "image/heif", "jxl": "image/jxl", "tiff": "image/tiff", "svg": "image/svg+xml", "pdf": "application/pdf",
    "mp4": "video/mp4", "m4a": "audio/mp4", "wav": "audio/wav", "avi": "video/avi", "mp3": "audio/mpeg",
    "flac": "audio/flac",
}  # fmt: skip
"""The media types of the formats that the library reads."""


MAX_FILES = 200
"""Files of one scan that are validated, each in a process of its own."""


def validate_files(root: Path, files: Iterable[ReadFile]) -> tuple[list[ReadFile], list[Problem]]:
    """The files, with the marks of those verified that carry Content Credentials; the same bytes are validated once.

    Files beyond `MAX_FILES` stay as they are, which is a problem.
    """
    told: dict[str, MediaFacts] = {}
    made: list[ReadFile] = []
    left: list[str] = []
    for one in files:
        if not may_be_validated(one.facts):
            made.append(one)
            continue
        if one.sha256 not in told and len(told) < MAX_FILES:
            told[one.sha256] = _validate(os.path.realpath(root), one)
        if one.sha256 not in told:
            left.append(one.path)
        made.append(replace(one, facts=told.get(one.sha256, one.facts)))
    if not left:
        return made, []
    message = ngettext(
        "has Content Credentials that were not verified: too many files of the project have them",
        "and more, {count} in all, have Content Credentials that were not verified: too many files "
        "of the project have them",
        len(left),
    )
    return made, [Problem("content", left[0], message.format(count=f"{len(left):,}"))]


def _validate(top: str, one: ReadFile) -> MediaFacts:
    try:
        descriptor = open_below(top, one.path, {})
    except OSError:
        return one.facts
    if descriptor is None:
        return one.facts
    try:
        return with_validation(one.facts, descriptor, one.size)
    finally:
        os.close(descriptor)


def may_be_validated(facts: MediaFacts) -> bool:
    """Whether a file has one manifest store, of a format that is validated; of several, it is not told which one is."""
    stores = [mark for mark in facts.marks if mark.kind is MarkKind.C2PA]
    return len(stores) == 1 and facts.format in _MEDIA_TYPES and can_validate()


def with_validation(facts: MediaFacts, descriptor: int, size: int) -> MediaFacts:
    """The facts of an open file whose mark of Content Credentials is verified, or says what does not hold.

    That a signature holds says that the file is as it was signed, not who signed it: no list of trusted signers is
    asked. Where it cannot be told, the mark stays as it is: there, not verified.
    """
    if not may_be_validated(facts) or size > MAX_SIZE:
        return facts
    told = validated(descriptor, _MEDIA_TYPES[facts.format])
    if told is None:
        return facts
    failed = "" if told.holds else _("is invalid: {codes}").format(codes=_(", ").join(told.codes) or _("unknown"))
    return replace(facts, marks=tuple(sorted(_told(mark, told.holds, failed) for mark in facts.marks)))


def _told(mark: AiMark, holds: bool, failed: str) -> AiMark:
    if mark.kind is not MarkKind.C2PA:
        return mark
    return replace(mark, verified=holds, detail="; ".join(filter(None, [mark.detail, failed])))
